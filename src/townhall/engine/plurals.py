"""Several of a thing, in English, where the author names only one: "child", "children"."""

from __future__ import annotations

import re

# Each with what may stand before it in one word: stepchild, salesperson, spokeswoman, housewife.
_ENDINGS = {"child": "children", "person": "people", "woman": "women", "wife": "wives"}
_WHOLE = {
    "man": "men",
    "foot": "feet",
    "tooth": "teeth",
    "half": "halves",
    "knife": "knives",
    "shelf": "shelves",
    "quiz": "quizzes",
}
_SAME = ("aircraft", "deer", "fish", "means", "premises", "series", "sheep", "species")
_LAST = re.compile(r"[A-Za-z]+\Z")
_REGULAR = (
    (re.compile(r"(?<=[^aeiou])y\Z", re.IGNORECASE), "ies"),
    (re.compile(r"(?<=.s)is\Z", re.IGNORECASE), "es"),
    (re.compile(r"(?<=[sxz])\Z|(?<=[cs]h)\Z", re.IGNORECASE), "es"),
    (re.compile(r"\Z"), "s"),
)


def plural_of(words: str) -> str:
    """Give words for several of what these name; their last word is taken for the noun.

    It is a guess: an author whose words it does not suit gives ``items``.
    """
    found = _LAST.search(words)
    if found is None or (found[0].isupper() and len(found[0]) > 1):
        return f"{words}s"
    return words[: found.start()] + _several(found[0])


def _several(word: str) -> str:
    lower = word.lower()
    if lower in _SAME:
        return word
    ending = next((one for one in _ENDINGS if lower.endswith(one)), "")
    odd = _ENDINGS[ending] if ending else _WHOLE.get(lower, "")
    if odd:
        kept = len(word) - len(ending or word)
        return word[:kept] + (odd.capitalize() if word[kept].isupper() else odd)
    pattern, end = next(one for one in _REGULAR if one[0].search(word))
    return pattern.sub(end, word, count=1)
