"""Month names as people type them and as we write them, in English and Welsh."""

NAMES = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "cy": (
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ),
}

_SHORTEST = 3


def month_number(text: str) -> int | None:
    """1 to 12 from "3", "03", "March", "mar", "Sept." or "Mawrth"; None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 2 and 1 <= int(text) <= 12 else None
    word = text.lower().removesuffix(".")
    if len(word) < _SHORTEST:
        return None
    for names in NAMES.values():
        for number, name in enumerate(names, start=1):
            if name.lower().startswith(word):
                return number
    return None


def month_name(number: int, language: str = "en") -> str:
    """The month's name; English where we have no names for the language."""
    return NAMES.get(language.split("-")[0], NAMES["en"])[number - 1]
