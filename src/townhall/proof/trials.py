"""Runs the author's examples, and says which of them the definition does not keep."""

from __future__ import annotations

from collections.abc import Iterator

from townhall.engine.examples import Run, run_examples
from townhall.engine.form import Form
from townhall.engine.problems import Code
from townhall.proof.case import Case, Finding
from townhall.proof.references import did_you_mean


def runs(case: Case, form: Form) -> tuple[Run, ...]:
    """Give every example as it went."""
    return run_examples(form, case.fees, today=case.today)


def failing(tried: tuple[Run, ...]) -> Iterator[Finding]:
    """Each example leads where its author says."""
    for at, run in enumerate(tried):
        for words in run.failures:
            yield Finding(
                "example-fails",
                ("examples", at),
                f"The example “{run.example.name}” fails: {words.rstrip('.')}.",
                "Correct the example, or the pages and conditions that it goes through.",
            )


def names(case: Case) -> Iterator[Finding]:
    """An example names questions, pages and problems that there are."""
    for at, example in enumerate(case.definition.examples):
        for name in example.answers:
            if name not in case.places and name not in case.repeats:
                remedy = did_you_mean(
                    name, case.places, "Use the id of a question in this service."
                )
                message = f"The example answers `{name}`, and there is no such question."
                yield Finding(
                    "unknown-question", ("examples", at, "answers", name), message, remedy
                )
        pages = [*(example.visits or ()), *([example.exit] if example.exit else [])]
        for name in pages:
            if name not in case.page_numbers:
                remedy = did_you_mean(name, case.page_numbers, "Use the id of a page.")
                message = f"The example names the page `{name}`, and there is no such page."
                yield Finding("unknown-page", ("examples", at), message, remedy)
        for name, code in example.fails.items():
            if code not in set(Code):
                remedy = did_you_mean(code, set(Code), "Use for example missing, too_late or rule.")
                message = f"There is no problem `{code}`."
                yield Finding("unknown-problem", ("examples", at, "fails", name), message, remedy)


def given(case: Case) -> Iterator[Finding]:
    """A service has examples, so that a change which breaks it is seen."""
    if not case.definition.examples:
        yield Finding(
            "no-examples",
            (),
            "This service has no examples, so nothing tells you when a change breaks it.",
            "Add `examples:` with a name, the answers that matter and the pages they lead to.",
            "note",
        )
