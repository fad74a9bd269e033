"""Holds an author's sentences to the GOV.UK style: plain words, whole questions, no shouting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from townhall.engine.faults import Path
from townhall.proof.case import Case, Finding, Level
from townhall.proof.wordlists import PLAIN_WORDS

TITLE_LIMIT = 100
ASK_LIMIT = 160
SUMMARY_LIMIT = 300

_BLAME = re.compile(r"\b(invalid|oops|not valid|bad input)\b", re.IGNORECASE)
# A council may have to speak of these (“illegal tipping”), but never in an error message.
_ACCUSES = re.compile(r"\b(illegal|forbidden)\b", re.IGNORECASE)
_PLEASE = re.compile(r"\bplease\b", re.IGNORECASE)
_CLICK = re.compile(r"\bclick\b", re.IGNORECASE)
_EMPTY_LINK = re.compile(r"\[\s*(click here|here|link|this|read more|more)\s*\]\(", re.IGNORECASE)
_SHOUT = re.compile(r"\b[A-Z]{2,}(?:[\s,]+[A-Z]{2,})*\b")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(\s[^<>]{0,200})?/?>")
_LATIN = re.compile(r"(?<![\w.])(e\.?g\.?|i\.?e\.?|etc\.?|via|and/or)(?![\w])", re.IGNORECASE)
_QUESTION = re.compile(
    r"(what|when|where|who|whose|which|why|how|do|does|did|are|is|was|were|have|has|had|can|could|"
    r"will|would|should)\b",
    re.IGNORECASE,
)
_JARGON = re.compile(r"\b(" + "|".join(map(re.escape, PLAIN_WORDS)) + r")\b", re.IGNORECASE)


def wording(case: Case) -> Iterator[Finding]:
    """Every sentence that a resident may read, against each rule of style."""
    for path, text in case.spoken:
        sentence = text[:5_000]
        for code, level, message, remedy in _rules(path, sentence):
            yield Finding(code, path, message, remedy, level)


Rule = tuple[str, Level, str, str]


def _rules(path: Path, text: str) -> Iterator[Rule]:
    yield from _blame(path, text)
    yield from _markup(text)
    yield from _links(text)
    yield from _plainness(text)
    yield from _shouting(text)
    yield from _length(path, text)
    if path[-1] == "ask":
        yield from _asking(text)


def _blame(path: Path, text: str) -> Iterator[Rule]:
    told = "errors" in path[-2:] or "rules" in path or "pattern" in path
    found = _BLAME.search(text) or (_ACCUSES.search(text) if told else None)
    if found is not None:
        yield (
            "blaming-word",
            "error",
            f"“{found[0]}” tells people that they are wrong, and not what to do.",
            "Say what to do, for example “Enter a date after 1 April 2026”.",
        )


def _markup(text: str) -> Iterator[Rule]:
    if found := _TAG.search(text):
        yield (
            "html",
            "error",
            f"`{found[0][:40]}` is HTML, which would be shown as it stands.",
            "Use Markdown: **bold**, lists that begin with -, and [words](https://…).",
        )


def _links(text: str) -> Iterator[Rule]:
    if found := _EMPTY_LINK.search(text):
        yield (
            "link-words",
            "error",
            f"A link that says “{found[1]}” does not say where it goes (WCAG 2.2, 2.4.4).",
            "Make the link’s words say what the page is.",
        )
    elif _CLICK.search(text):
        yield (
            "click",
            "note",
            "Not everyone clicks: some people press, tap or speak.",
            "Use “select”.",
        )


def _plainness(text: str) -> Iterator[Rule]:
    if _PLEASE.search(text):
        yield (
            "please",
            "note",
            "“Please” makes an instruction sound like a choice.",
            "Leave it out.",
        )
    if found := _LATIN.search(text):
        yield (
            "latin",
            "note",
            f"“{found[0]}” is read in different ways, and some screen readers say it wrongly.",
            "Write “for example”, “that is”, “and so on”, “through” or “or”.",
        )
    for word in dict.fromkeys(found.casefold() for found in _JARGON.findall(text)):
        yield (
            "plain-words",
            "note",
            f"“{word}” is not a plain word.",
            f"Use “{PLAIN_WORDS[word]}”.",
        )


def _shouting(text: str) -> Iterator[Rule]:
    for found in _SHOUT.findall(text):
        words = [word for word in re.findall(r"[A-Z]+", found) if len(word) > 3]
        if len(words) > 1 or (words and found == text.strip()):
            yield (
                "capitals",
                "note",
                f"“{found[:60]}” is in capitals, which is harder to read and sounds like shouting.",
                "Use small letters, and capitals only for names.",
            )
            return


def _length(path: Path, text: str) -> Iterator[Rule]:
    limits = {"title": TITLE_LIMIT, "exit": TITLE_LIMIT, "ask": ASK_LIMIT, "summary": SUMMARY_LIMIT}
    limit = limits.get(str(path[-1]))
    if limit and len(text) > limit:
        yield (
            "too-long",
            "note",
            f"This has {len(text):,} characters; people take in about {limit} at once.",
            "Shorten it, and move the rest to the hint or to the page’s text.",
        )


def _asking(text: str) -> Iterator[Rule]:
    bare = text.strip()
    if _QUESTION.match(bare) and not bare.endswith("?") and " " in bare:
        yield (
            "question-mark",
            "note",
            "This is a question without a question mark.",
            f"Write “{bare[:80].rstrip('.:')}?”",
        )
    elif bare.endswith((":", ".")) and not bare.endswith("..."):
        yield (
            "end-mark",
            "note",
            f"A label does not end in “{bare[-1]}”.",
            "Leave it out.",
        )
