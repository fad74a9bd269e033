"""Says a whole service in plain words, so that nothing in it is hidden from whoever reviews it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from townhall.engine.council import Council
from townhall.engine.explain import condition_words
from townhall.engine.fees import FeeTables
from townhall.engine.form import Form, compile_form
from townhall.engine.library import Library
from townhall.engine.model import Definition, FeeLine
from townhall.engine.text import markdown_text
from townhall.proof.show_pages import page_lines
from townhall.proof.show_parts import content_lines, day, indented, pounds

INFORMED = "the person who sent it"


def plain_words(definition: Definition, library: Library) -> str:
    """Give the whole service in plain words, blocks, patterns and defaults filled in.

    Pages with their conditions and what a jump passes over, data classes, fees, recipients,
    retention and messages. Raises InvalidDefinition when a condition cannot be read.
    """
    form = compile_form(definition)
    council = library.council
    parts = [
        ("", _about(definition, council)),
        ("Start page", content_lines(definition.start, form)),
        *(
            (f"Page {page.page}", page_lines(form, number))
            for number, page in enumerate(form.pages)
        ),
        ("Fee", _fee(form, library.fees)),
        ("Check answers", _check(definition)),
        ("Where answers go", _recipients(form, council)),
        ("Personal data", _personal(form)),
        ("Privacy notice", _privacy(definition, council)),
        ("How long answers are kept", _retention(definition)),
        ("Confirmation", _confirmation(form)),
        ("Messages", _messages(definition)),
        ("Examples", [example.name for example in definition.examples]),
    ]
    written = [_part(title, lines) for title, lines in parts if lines]
    return "\n\n".join(written) + "\n"


def difference(old: str, new: str) -> str:
    """Give only what changed between two texts of ``plain_words``, under the part it stands in.

    Lines that went begin with ``- `` and lines that came with ``+ ``; empty when nothing changed.
    """
    before, after = _titled(old), _titled(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    found: list[str] = []
    title = None
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        changed = [("- ", *line) for line in before[start:end]]
        changed += [("+ ", *line) for line in after[first:last]]
        for mark, part, line in changed:
            if part != title:
                found += ["", part] if found else [part]
                title = part
            found.append(f"{mark}{line.strip()}")
    return "\n".join(found) + "\n" if found else ""


def _titled(text: str) -> list[tuple[str, str]]:
    """Give each line with the title of the part that it stands in."""
    title, lines = "", []
    for number, line in enumerate(text.splitlines()):
        if line and not line.startswith(" "):
            title = line if number else "The service"
            lines.append((title, line))
        elif line.strip():
            lines.append((title, line))
    return lines


def _part(title: str, lines: list[str]) -> str:
    return "\n".join([title, *indented(lines)] if title else [lines[0], *indented(lines[1:])])


def _about(definition: Definition, council: Council | None) -> list[str]:
    owner = definition.owner
    opens = definition.available
    return [
        f"{definition.title} ({definition.service})",
        *([definition.summary] if definition.summary else []),
        f"Council: {council.name if council else 'not set'}",
        f"Owner: {owner.team}, {owner.email}, next review {day(owner.review)}"
        if owner
        else "Owner: none",
        *([f"Pattern: {definition.pattern}"] if definition.pattern else []),
        *([f"Opens: {day(opens.from_)}"] if opens.from_ else []),
        *([f"Closes: after {day(opens.to)}"] if opens.to else []),
        *([f"Takes at most {opens.limit:,} submissions"] if opens.limit else []),
        f"Languages: {', '.join(definition.languages)}",
        *([f"Found by: {', '.join(definition.search)}"] if definition.search else []),
        *(["People under 18 may use it"] if definition.audience.under_18 else []),
        *([] if definition.reviewed else ["Not reviewed: it cannot be published for real"]),
        *_help(definition, council),
        *_urgent(definition),
        *_source(definition),
    ]


def _help(definition: Definition, council: Council | None) -> Iterator[str]:
    for name in ("phone", "hours", "relay", "email", "letter", "bsl"):
        own = getattr(definition.help, name, None) if definition.help else None
        words = own or getattr(council.help if council else None, name, None)
        if words:
            yield f"Help, {name}: {words}"


def _urgent(definition: Definition) -> list[str]:
    urgent = definition.urgent
    return (
        [f"Before the first question: {markdown_text(urgent.text)} Call {urgent.phone}"]
        if urgent
        else []
    )


def _source(definition: Definition) -> list[str]:
    source = definition.source
    if source is None:
        return []
    return [f"Imported from: {source.from_}, licence {source.licence or 'not known'}"]


def _fee(form: Form, fees: FeeTables) -> list[str]:
    lines = [_fee_line(line, form, fees) for line in form.definition.fee]
    payment = form.definition.payment
    if payment is None:
        return lines
    said = markdown_text(payment.say or "")
    return [*lines, f"Payment: {payment.is_}. {said}".rstrip()]


def _fee_line(line: FeeLine, form: Form, fees: FeeTables) -> str:
    words = f"{line.line}: {pounds(line.price, fees)}"
    if line.times:
        words += f", times {_counted(line.times, form)}"
    if line.after_first:
        words += f" after the first {line.after_first}"
    return words + (f", when {condition_words(line.when, form)}" if line.when else "")


def _counted(name: str, form: Form) -> str:
    loop = form.loops.get(name)
    return f"the number of {name}" if loop else f"the answer to {name}"


def _check(definition: Definition) -> list[str]:
    declaration = definition.check.declaration
    return [f"Declaration: {markdown_text(declaration)}"] if declaration else ["No declaration"]


def _recipients(form: Form, council: Council | None) -> list[str]:
    lines = []
    for delivery in form.definition.deliver:
        when = f" When {condition_words(delivery.when, form)}." if delivery.when else ""
        place = council.destinations.get(delivery.to) if council else None
        if place is None and ("@" in delivery.to or "//" in delivery.to):
            lines.append(
                f"{delivery.to}: an address of its own, which the operator’s list has to allow. "
                f"May hold every answer.{when}"
            )
            continue
        if council is None or place is None:
            lines.append(f"{delivery.to}: not registered with this council.{when}")
            continue
        holds = ", ".join(one.replace("_", " ") for one in place.classes) or "no personal data"
        lines.append(
            f"{delivery.to}: {place.recipient}, by {place.kind}, in {council.country_of(place)}. "
            f"{place.purpose}. May hold {holds}.{when}"
        )
    return lines or ["To nobody: answers are kept here only"]


def _personal(form: Form) -> list[str]:
    held: dict[str, list[str]] = {}
    for question in form.questions.values():
        classes = question.personal or form.kind(question).classes(question)
        for name in classes:
            held.setdefault(name.replace("_", " "), []).append(question.id)
    return [f"{name}: {', '.join(held[name])}" for name in sorted(held)]


def _privacy(definition: Definition, council: Council | None) -> list[str]:
    found = definition.privacy
    if found is None:
        return ["None"]
    named = {
        "Purpose": found.purpose,
        "Basis (Article 6)": found.basis,
        "Power": found.power,
        "Article 9 condition": found.article9,
        "Article 10 authority": found.article10,
        "Schedule 1 condition": found.schedule1,
        "People must answer": "yes" if found.must_answer else "no",
        "If they do not": found.consequence,
        "Decided by a computer alone": found.automated,
    }
    return [f"{name}: {words}" for name, words in named.items() if words] + _holders(council)


def _holders(council: Council | None) -> list[str]:
    if council is None:
        return []
    return [
        f"Controller: {council.controller.name}",
        f"Data protection officer: {council.dpo.email or council.dpo.name}",
        *(
            f"Processor: {one.name}, in {council.country_of(one)}. {one.purpose}"
            for one in council.processors
        ),
    ]


def _retention(definition: Definition) -> list[str]:
    if definition.privacy is None:
        return []
    retain = definition.privacy.retain
    return [f"Sent: {retain.submitted}", f"Not sent: {retain.unfinished}"]


def _confirmation(form: Form) -> list[str]:
    found = form.definition.confirmation
    answer = [f"Answered by: {found.answer_by}"] if found.answer_by else []
    return [f"Next: {markdown_text(found.next)}", *answer, *content_lines(found.content, form)]


def _messages(definition: Definition) -> list[str]:
    acknowledge = definition.acknowledge
    if acknowledge is None:
        return [f"None is sent to {INFORMED}"]
    name = acknowledge.name or definition.title
    return [
        f"An acknowledgement goes to the answer to {acknowledge.to}, where there is one.",
        f"It names “{name}”, the reference, the date, what happens next and how to get help.",
    ]
