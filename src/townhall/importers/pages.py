"""Turns one page of the source into one or more pages of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from townhall.engine.conditions import Condition
from townhall.importers import markup, prose, repeats
from townhall.importers.book import Asked, Book
from townhall.importers.contents import Contents
from townhall.importers.findings import Findings
from townhall.importers.graph import Graph
from townhall.importers.layout import Layout
from townhall.importers.logic import ALWAYS, NEVER
from townhall.importers.names import Names, page_id, page_names
from townhall.importers.questions import Writer
from townhall.importers.registry import Registry
from townhall.importers.source_form import Component, SourceForm, SourcePage
from townhall.importers.standing import At, Map
from townhall.importers.tables import CHOICES, REPEATED, UNASKED, UPLOADS, is_question
from townhall.importers.templates import Templates
from townhall.importers.truth import Truth

Plain = dict[str, Any]


@dataclass
class Made:
    """What one page of the source became: its own page first, then those that follow it."""

    path: str
    pages: list[Plain]
    asides: tuple[tuple[Asked, str], ...] = ()

    @property
    def first(self) -> str:
        """The id of the page that others lead to."""
        return str(self.pages[0]["page"])


@dataclass
class Pages:
    """Writes pages; the routes between them are written afterwards."""

    form: SourceForm
    graph: Graph
    book: Book
    findings: Findings
    templates: Templates
    registry: Registry
    names: Names = field(default_factory=page_names)

    def __post_init__(self) -> None:
        """Draw the map that tells what has been asked before each page."""
        self.map = Map(self.graph)

    def id(self, path: str) -> str:
        """Give our page's id for a page of the source."""
        return self.names.give(path, page_id(path))

    def truth(self, path: str, *, own: bool) -> Truth:
        """Translate conditions as read at a page: before it is sent, or after."""
        return Truth(self.book, At(self.map, path, own), self.findings)

    def make(self, page: SourcePage) -> Made:
        """Turn one page into ours."""
        self.templates.earlier = At(self.map, page.path, own=False).visible
        found: Plain = {"page": self.id(page.path)}
        title = prose.plain_of(self.templates.marked(page.title, page.place))
        title = self.findings.fitting(page.place, "The page’s title", title)
        if section := self._section(page):
            found["section"] = section
        content, questions = self._laid_out(page)
        if page.path in self.graph.exits:
            words = title or "You cannot continue"
            return Made(page.path, [_tidy({**found, "exit": words, "content": content})])
        if title and not _only_says(title, questions):
            found["title"] = title
        found |= {
            "content": content,
            "questions": questions,
            "rules": repeats.date_rules(page, self.book),
        }
        if not questions and not content:
            found["content"] = self._stand_in(page)
        made = Made(page.path, [_tidy(found)], tuple(self._asides(page)))
        repeats.arrange(page, made.pages, repeats.Desk(self.book, self.names, self.findings))
        self._follow_up(page, made)
        return made

    def _section(self, page: SourcePage) -> str:
        return next(
            (one for one in (page.heading, page.section) if self.form.sections.get(one)), ""
        )

    # Words and questions

    def content(self, page: SourcePage) -> list[Plain]:
        """Give the words of a page that asks nothing."""
        return self._laid_out(page)[0]

    def last_words(self, page: SourcePage) -> list[Plain]:
        """Give the words of the page on which the source lists all answers before they are sent."""
        self.templates.earlier = lambda asked: not asked.repeated
        contents = Contents(
            self.form, self.findings, self.templates, self.registry, lambda name: ALWAYS
        )
        parts = [part for part in page.components if not is_question(part)]
        words = [block for part in parts for block in contents.blocks(part)]
        return words + self._custom_text(page)

    def _laid_out(self, page: SourcePage) -> tuple[list[Plain], list[Plain]]:
        """Give a page's words and its questions."""
        writer = Writer(self.book, self.findings, self.templates)
        contents = Contents(
            self.form,
            self.findings,
            self.templates,
            self.registry,
            self.truth(page.path, own=False).named,
        )
        rows = any(part.type == REPEATED for part in page.components)
        layout = Layout(
            self._moved, partial(self._group_id, page.path), groups=not (page.repeats or rows)
        )
        alone = sum(is_question(part) for part in page.components) == 1
        for part in page.components:
            if part.type in UPLOADS:
                layout.words([self._send_another_way(part)], part.path)
            elif not is_question(part):
                layout.words(contents.blocks(part), part.path)
            for question in self._asked(page, part, writer, alone=alone):
                layout.question(question)
        layout.words(self._custom_text(page), page.place)
        blocks, questions = layout.settle()
        return markup.joined(blocks), questions

    def _group_id(self, path: str, wanted: str) -> str:
        return self.book.names.give(("group", path, wanted), wanted)

    def _moved(self, path: str) -> None:
        self.findings.loss(
            path,
            "Words stand between or below the questions of a page.",
            "A page’s words stand above its questions here.",
            "They are moved above the questions.",
        )

    def _custom_text(self, page: SourcePage) -> list[Plain]:
        given = page.options.get("customText")
        if page.role not in ("recap", "summary") or not isinstance(given, dict):
            return []
        path = f"{page.place}.options.customText"
        found: list[Plain] = []
        for key, words in given.items():
            if isinstance(words, str) and words.strip():
                marked = self.templates.marked(words, path)
                lost = partial(self._words_lost, path)
                blocks = markup.blocks_of(marked, lost)
                found += [{"inset": prose.as_text(blocks, lost)}] if key == "insetText" else blocks
        return found

    def _words_lost(self, path: str, what: str, instead: str) -> None:
        self.findings.loss(
            path,
            f"The words hold {what}.",
            "Content here is words, lists, tables and links.",
            instead,
        )

    def _send_another_way(self, part: Component) -> Plain:
        words = prose.plain_of(part.title) or "a file"
        self.findings.loss(
            part.path,
            f"“{words}” takes files.",
            "Files are not built yet.",
            "Words that say to send it another way.",
        )
        text = "You cannot send files with this form yet. Send this another way:"
        said = f"{words} {prose.plain_of(part.hint)}".strip()
        return {"inset": f"{text} {prose.escaped(said)}"}

    def _stand_in(self, page: SourcePage) -> list[Plain]:
        if page.role == "recap":
            self.findings.loss(
                page.place,
                "A page half way lists the answers given so far.",
                "Answers are listed once here, before they are sent.",
                "A page that says so.",
            )
            return [{"text": "You can check and change your answers before you send them."}]
        self.findings.note(
            page.place, "A page has nothing on it.", "The source shows it empty.", "Continue."
        )
        return [{"text": "Continue to the next page."}]

    # Questions

    def _asked(
        self, page: SourcePage, part: Component, writer: Writer, *, alone: bool
    ) -> Iterator[Plain]:
        """Give what a component asks: nothing, one question, or the columns of its rows."""
        if not is_question(part) or part.type in UPLOADS:
            return
        if part.hidden or part.type in UNASKED:
            self._hidden(part)
        elif part.type == REPEATED:
            self._unsaid(part)
            for child in part.children:
                yield self._question(page, child, writer, alone=False)
        else:
            yield self._question(page, part, writer, alone=alone)

    def _question(self, page: SourcePage, part: Component, writer: Writer, *, alone: bool) -> Plain:
        asked = self.book.of(page, part)
        found = writer.question(page, part, asked, alone=alone)
        if found["type"] in CHOICES:
            found["options"] = self._options(page, part, asked)
        return found

    def _unsaid(self, part: Component) -> None:
        if hint := prose.plain_of(part.hint):
            self.findings.note(
                part.path, f"The rows have a hint: “{hint}”", "Rows have none here.", "Left out."
            )

    def _hidden(self, part: Component) -> None:
        self.findings.loss(
            part.path,
            f"The question `{part.name}` is not shown to people; the old service fills it in.",
            "Answers from a signed link are not built yet, and nothing is hidden from people.",
            "It is not asked.",
        )

    def _options(self, page: SourcePage, part: Component, asked: Asked) -> list[Plain]:
        truth = self.truth(page.path, own=False)
        found: list[Plain] = []
        for item, id in self.book.offered(part):
            words = prose.plain_of(self.templates.marked(item.text, item.path))
            words = self.findings.fitting(item.path, "An option", words)
            option: Plain = {"id": id, "say": words or id}
            hint = self.findings.fitting(item.path, "An option’s hint", prose.plain_of(item.hint))
            if hint:
                option["hint"] = hint
            if item.condition in self.form.conditions:
                condition = truth.named(item.condition)
                if condition == NEVER:
                    self._never_offered(item.path, words)
                elif condition != ALWAYS:
                    option["when"] = self._when(item.condition, condition)
            found.append(option)
        return _exclusive(part, found, asked)

    def _never_offered(self, path: str, words: str) -> None:
        self.findings.fault(
            path, f"The option “{words}” has a condition that can never hold there.",
            "It looks at what has not been asked by then.", "The option is always offered.",
        )  # fmt: skip

    def _when(self, name: str, condition: Condition) -> object:
        return self.registry.use(self.form.conditions[name].display, condition)

    # Questions revealed under an option

    def _asides(self, page: SourcePage) -> list[tuple[Asked, str]]:
        found = []
        for part in page.components:
            for value, _ in part.reveals:
                asked = self.book.of(page, part)
                ids = [id for known, id in asked.values if str(known) == value]
                found += [(asked, ids[0])] if ids else []
        return found

    def _follow_up(self, page: SourcePage, made: Made) -> None:
        """Ask on a page of their own the questions that the source reveals under an option."""
        writer = Writer(self.book, self.findings, self.templates)
        questions = []
        for part in page.components:
            for value, revealed in part.reveals:
                asked = self.book.of(page, part)
                ids = [id for known, id in asked.values if str(known) == value]
                if not ids or not is_question(revealed):
                    continue
                word = "includes" if asked.kind == "checkboxes" else "is"
                question = self._question(page, revealed, writer, alone=False)
                question["when"] = {asked.id: ids[0] if word == "is" else {"includes": ids[0]}}
                questions.append(question)
                self.findings.loss(
                    revealed.path,
                    f"“{revealed.title}” opens under the option “{value}”.",
                    "Reveals are not built yet.",
                    "It is asked on a page of its own, next.",
                )
        if questions:
            id = self.names.give((page.path, "more"), f"{made.first[:70]}-more")
            whens = [question["when"] for question in questions]
            followed = {"page": id, "when": whens[0] if len(whens) == 1 else {"any": whens}}
            if len(questions) == 1:
                questions[0].pop("when")
            else:
                followed["title"] = (
                    made.pages[0].get("title") or page.title or "More about your answer"
                )
            if "section" in made.pages[0]:
                followed["section"] = made.pages[0]["section"]
            made.pages.append(_tidy({**followed, "questions": questions}))


def _exclusive(part: Component, options: list[Plain], asked: Asked) -> list[Plain]:
    """Mark the option that cannot go with others, where the source has one."""
    if asked.kind != "checkboxes" or len(options) < 2:
        return options
    last = part.options.get("finalValue") or part.options.get("behaviourItemValue")
    ids = {str(value): id for value, id in asked.values}
    alone = ids.get(str(last)) if last else None
    if alone is None and part.options.get("divider"):
        alone = options[-1]["id"]
    found: list[Plain] = []
    for option in options:
        if option["id"] == alone:
            if part.options.get("divider") and option is options[-1]:
                found.append({"divider": "or"})
            option = {**option, "exclusive": True}
        found.append(option)
    return found


def _only_says(title: str, questions: list[Plain]) -> bool:
    """Whether a title is no more than its only question's words."""
    if len(questions) != 1:
        return False
    return _bare(title) == _bare(str(questions[0]["ask"]))


def _bare(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".?: ")


def _tidy(page: Plain) -> Plain:
    """Take out what is empty, and put the rest in the order in which people read it."""
    order = (
        "page",
        "title",
        "section",
        "when",
        "exit",
        "repeat",
        "content",
        "questions",
        "rules",
        "next",
    )
    return {key: page[key] for key in order if page.get(key)}
