"""One page of a service in plain words: who sees it, what it asks, and where people go from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townhall.engine.explain import condition_words
from townhall.engine.form import Form
from townhall.engine.model import CHECK_ANSWERS, Page, Rule
from townhall.engine.question import Option, Question
from townhall.proof.show_parts import content_lines, indented


def page_lines(form: Form, number: int) -> list[str]:
    """Give the lines of the page with this number."""
    page = form.pages[number]
    return [
        f"{'Exit' if page.exit else 'Heading'}: {page.heading}",
        f"Shown: {_when(page, form)}",
        *([f"Section: {_section(form, page.section)}"] if page.section else []),
        *_repeat(page),
        *content_lines(page.content, form),
        *(line for question in page.questions for line in question_lines(question, form)),
        *(_rule(rule, form) for rule in page.rules),
        *_onward(form, number),
    ]


def _when(page: Page, form: Form) -> str:
    return f"when {condition_words(page.when, form)}" if page.when else "always"


def _section(form: Form, name: str) -> str:
    titles = {section.section: section.title for section in form.definition.sections}
    return titles.get(name, name)


def _repeat(page: Page) -> list[str]:
    repeat = page.repeat
    if repeat is None:
        return []
    count = f"{repeat.min} to {repeat.max}"
    return [
        f"Repeat: once for each {repeat.item}, {count} times, as “{repeat.plural}” ({repeat.id})"
    ]


def question_lines(question: Question, form: Form) -> list[str]:
    """Give a question with everything that its author, its kind and the language say of it."""
    lines = [f"Question: {question.ask} ({question.id}, {question.type})"]
    lines += indented(_question(question, form))
    for inner in question.questions:
        lines += indented(question_lines(inner, form))
    return lines


def _question(question: Question, form: Form) -> Iterator[str]:
    if question.when is not None:
        yield f"Asked: when {condition_words(question.when, form)}"
    if question.hint:
        yield f"Hint: {question.hint}"
    if not question.questions:
        yield "Must be answered" if question.required else "Optional"
        classes = question.personal or form.kind(question).classes(question)
        yield f"Personal data: {', '.join(one.replace('_', ' ') for one in classes)}"
    yield from _roles(question)
    for option in question.options:
        yield _option(option, form)
    for name, value in _settings(question):
        yield f"Setting {name}: {value}"
    for code, words in question.errors.items():
        yield f"Error {code}: {words}"


def _roles(question: Question) -> Iterator[str]:
    named: dict[str, Any] = {
        "On check answers": question.short,
        "Reason": question.reason,
        "Export name": question.name,
        "Autocomplete": question.autocomplete,
        "Meaning": question.meaning,
        "Used for": ", ".join(question.use),
        "Published": question.publish if question.publish != "no" else None,
    }
    for name, words in named.items():
        if words:
            yield f"{name}: {words}"
    if question.geography:
        yield "Says where"
    if question.measure:
        yield "Counted in measures"


def _option(option: Option, form: Form) -> str:
    if option.divider is not None:
        return f"Divider: {option.divider}"
    hint = f", hint “{option.hint}”" if option.hint else ""
    alone = ", alone" if option.exclusive else ""
    when = f", when {condition_words(option.when, form)}" if option.when else ""
    return f"Option: {option.say} ({option.id}){hint}{alone}{when}"


def _settings(question: Question) -> Iterator[tuple[str, str]]:
    held: dict[str, Any] = question.settings.model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    for name, value in held.items():
        if isinstance(value, dict):
            yield name, ", ".join(f"{key} {inner}" for key, inner in value.items())
        elif value not in ("", [], {}):
            yield (
                name,
                {True: "yes", False: "no"}.get(value, str(value))
                if isinstance(value, bool)
                else str(value),
            )


def _rule(rule: Rule, form: Form) -> str:
    when = f" (when {condition_words(rule.when, form)})" if rule.when else ""
    return f"Rule{when}: {condition_words(rule.require, form)}, or at {rule.at}: “{rule.say}”"


def _onward(form: Form, number: int) -> Iterator[str]:
    page = form.pages[number]
    if page.exit:
        yield "Then: the service ends here"
        return
    for branch in page.next:
        when = f"when {condition_words(branch.when, form)}, " if branch.when else ""
        yield f"Then: {when}to {branch.go}{_passed(form, number, branch.go)}"
    if page.next and page.next[-1].when is not None:
        after = form.pages[number + 1].page if number + 1 < len(form.pages) else "check answers"
        yield f"Then: otherwise to {after}"


def _passed(form: Form, number: int, target: str) -> str:
    """Say which pages a jump passes over, which nobody would see from the jump alone."""
    ids = [*(page.page for page in form.pages), CHECK_ANSWERS]
    if target not in ids:
        return ""
    over = ids[number + 1 : ids.index(target)]
    return f", passing over {', '.join(over)}" if over else ""
