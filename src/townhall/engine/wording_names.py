"""What to call a question in a message about it: "your full name", "Date of birth"."""

import re
from dataclasses import dataclass

from townhall.engine.asking import QuestionLike
from townhall.engine.wording_words import AN_ANSWER, QUOTED

_WHO = "you|we|they|I|it|he|she|there|this|that|these|those|anyone|someone"
_BE = "are|is|was|were|have|has|had|can|could|will|would|should|must|may"
_OWNERS = "your|the|their|its|his|her|this"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NOUN = _words(rf"what(?: is| are| was| were|[’']s) ((?:{_OWNERS}) .+)")
_COUNT = _words(rf"how many ([\w’'-]+(?: [\w’'-]+)??) (?:{_BE}|do|does|did|live|need)\b")
_ASIDE = _words(r"\s*\((?:optional|dewisol)\)\s*$")
_ASKING = _words(r"(?:what|which|how|who|where|when|why)\b")
_SWAPPED = _words(rf"(?P<start>.*?\b)(?P<verb>{_BE})\s+(?P<who>{_WHO})\b(?P<rest>.*)")
_DO = _words(r"(?P<start>.*?\b)do\s+(?P<who>you|we|they|I|these|those)\b(?P<rest>.*)")
_STRAIGHT = _words(
    r"(?:which|what)\s[\w’'\s-]+?\s(?:is|are|was|were|has|have|applies|apply|happened|needs)\b.*"
    r"|what happened.*"
)
_ORDER = _words(r"(?:describe|tell|give|explain|say|list|choose|select|enter|add|check|confirm)\b")
_SENTENCE = _words(rf"(?:do|does|did|{_BE}|if|please|we|you|i)\b")
_LONG = 80
_CHOICES = ("radios", "checkboxes", "select")
_NO_ARTICLE = _words(rf"(?:what|which|how|who|where|when|why|a|an|{_OWNERS}|{_WHO}|{_BE})\b")
_CONTACTS = ("email", "phone", "url")
_HANGING = _words(r"\b(?:on|from|in|to|at|for|with|of|about|by)$")
_TAKEN = _words(r"\b(?:did|does)\b")
_OWNER = _words(rf"(?:{_OWNERS})\s+")


@dataclass(frozen=True)
class Name:
    """A question's name inside a sentence.

    `enter` follows "Enter" or "Select"; `subject` begins a sentence. `whole` is a request that
    stands by itself; `quoted` says that no better name was found than the question in quotes.
    """

    enter: str
    subject: str
    whole: str = ""
    quoted: bool = False


def name_of(q: QuestionLike, language: str = "en") -> Name:
    """The question's name in a language; but for English, its short name or the whole question."""
    ask = _bare(q.ask)
    fallback = _quoted(_ASIDE.sub("", q.ask.strip()), language)
    if language != "en":
        return Name(q.short, capital(q.short)) if q.short else fallback
    if q.type == "yes-no":
        clause = _yes_clause(ask)
        return Name(clause, _subject(q, ask) or fallback.subject) if clause else fallback
    enter = _by_short_name(q, q.short, ask) if q.short else _enter(ask)
    subject = _subject(q, ask) or fallback.subject
    if not q.short and _ORDER.match(ask):
        return Name(fallback.enter, subject, whole=capital(ask))
    if q.type in _CONTACTS:
        enter = _with_article(enter)
    return Name(enter or fallback.enter, subject, quoted=not enter)


def _with_article(enter: str) -> str:
    """Give "an email address" for the label "Email address", as GOV.UK's messages do."""
    if not enter or _NO_ARTICLE.match(enter):
        return enter
    return f"{'an' if enter[0] in 'aeio' else 'a'} {enter}"


def lower_first(words: str) -> str:
    """Without its first capital, unless the word is an acronym or begins a proper name."""
    head, _, rest = words.partition(" ")
    second = rest.split(" ", 1)[0]
    acronym = head == "I" or any(char.isupper() or char.isdigit() for char in head[1:])
    if acronym or (second[:1].isupper() and second != "I") or _PROPER.fullmatch(head):
        return words
    return words[:1].lower() + words[1:]


def capital(words: str) -> str:
    """With its first letter as a capital."""
    return words[:1].upper() + words[1:]


_PROPER = re.compile(
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June"
    "|July|August|September|October|November|December|English|Welsh|British|Scottish|Irish"
    "|England|Wales|Scotland|Britain|Christmas|Easter"
)


def _bare(ask: str) -> str:
    return _ASIDE.sub("", " ".join(ask.split())).rstrip("?:. ")


def _quoted(ask: str, language: str) -> Name:
    enter = AN_ANSWER.get(language, AN_ANSWER["en"]).format(ask=ask)
    subject = capital(QUOTED.get(language, QUOTED["en"]).format(ask=ask))
    return Name(enter, subject, quoted=True)


def _by_short_name(q: QuestionLike, short: str, ask: str) -> str:
    """What to enter where there is a short name: GOV.UK's "your full name".

    The short name is made for a list ("Missed", "You want to"), so a sentence takes the question's
    own words where they turn; of a choice it says nothing else, and of an entry "the address".
    """
    name = lower_first(short)
    if found := re.search(rf"\b(your|the) {re.escape(name)}(?![\w’'])", ask, re.I):
        return f"{found[1].lower()} {name}"
    turned = "" if _ORDER.match(ask) else _enter(ask)
    if turned and len(turned) <= _LONG:
        return turned
    if q.type in _CHOICES:
        return ""
    return name if _NO_ARTICLE.match(name) else f"the {name}"


def _enter(ask: str) -> str:
    """What to enter, from the question's own words; "" where a rule of grammar would be guessed."""
    found = _NOUN.fullmatch(ask)
    if found and not _HANGING.search(ask):
        return lower_first(found[1])
    if not _ASKING.match(ask):
        return "" if _SENTENCE.match(ask) else lower_first(ask)
    if _TAKEN.search(ask):
        return ""
    for pattern in (_DO, _SWAPPED):
        if found := pattern.fullmatch(ask):
            return lower_first(_straight(found))
    straight = _STRAIGHT.fullmatch(ask) and not _HANGING.search(ask)
    return lower_first(ask) if straight else ""


def _straight(found: re.Match[str]) -> str:
    """A question's words in the order of a statement: "how many nests there are"."""
    groups = found.groupdict()
    who = groups["who"] if groups["who"] == "I" else groups["who"].lower()
    words = [groups["start"].strip(), who, groups.get("verb", "").lower(), groups["rest"].strip()]
    return " ".join(word for word in words if word)


def _yes_clause(ask: str) -> str:
    """Turn "Do you live here" into "you live here"; "" where the words do not simply turn."""
    for pattern in (_DO, _SWAPPED):
        found = pattern.fullmatch(ask)
        if found and not found["start"].strip():
            return lower_first(_straight(found))
    return ""


def _subject(q: QuestionLike, ask: str) -> str:
    """A noun to begin a sentence with; "" where the question has none."""
    if q.short:
        return capital(q.short)
    if found := _COUNT.match(ask):
        return f"Number of {found[1]}"
    found = _NOUN.fullmatch(ask)
    if found and not _HANGING.search(ask):
        return capital(_OWNER.sub("", found[1], count=1))
    if _ASKING.match(ask) or _ORDER.match(ask) or _SENTENCE.match(ask):
        return ""
    return capital(_OWNER.sub("", ask, count=1) if _OWNER.match(ask) else ask)
