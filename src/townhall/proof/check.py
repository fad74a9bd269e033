"""Proves a definition: every fault of it in one run, each with its line and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path as FilePath

from townhall.engine.examples import Run
from townhall.engine.faults import Fault, InvalidDefinition
from townhall.engine.form import Form, compile_form
from townhall.engine.library import Library
from townhall.engine.load import MAX_FAULTS, Loaded, load_service, load_text
from townhall.proof import (
    destinations,
    duplicates,
    duties,
    questions,
    reach,
    references,
    trials,
    unanswered,
    wording,
)
from townhall.proof.case import Case, Finding
from townhall.proof.origins import asked_again, used_at
from townhall.proof.quoting import risky
from townhall.proof.salvage import salvage

Check = Callable[[Case], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    duties.owner,
    duties.council,
    duties.help_given,
    duties.privacy,
    duties.special_data,
    duties.under_18s,
    duties.retention,
    duties.availability,
    duties.answer_time,
    duties.told_to_residents,
    destinations.deliveries,
    destinations.classes,
    duplicates.page_ids,
    duplicates.question_ids,
    duplicates.repeats,
    duplicates.options,
    duplicates.titles,
    duplicates.other_names,
    references.later_questions,
    references.next_pages,
    references.sections,
    references.named_questions,
    references.limits,
    references.answers_in_text,
    references.conditions_used,
    reach.never_shown,
    reach.jumped_over,
    reach.ways_after_the_last,
    reach.options_left,
    reach.empty_pages,
    unanswered.meets_no_answer,
    questions.settings,
    questions.groups,
    questions.reasons,
    questions.autocomplete,
    questions.errors,
    questions.long_lists,
    questions.many_questions,
    questions.prices,
    questions.payment,
    questions.links,
    wording.wording,
    trials.names,
    trials.given,
)

FOR_A_REVIEWER: frozenset[Check] = frozenset(
    {
        duties.owner,
        duties.help_given,
        duties.privacy,
        duties.special_data,
        reach.never_shown,
        reach.jumped_over,
        reach.ways_after_the_last,
        reach.empty_pages,
        unanswered.meets_no_answer,
        questions.reasons,
        questions.errors,
        questions.links,
        wording.wording,
    }
)
"""What an import that nobody has reviewed may still lack where it is only demonstrated."""

OF_FORM = ("unknown-key", "bad-value", "missing-key", "option", "content")


@dataclass(frozen=True)
class Report:
    """What proving one definition found; ``runs`` are its examples as they went."""

    loaded: Loaded
    faults: tuple[Fault, ...]
    runs: tuple[Run, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that stop a publish."""
        return tuple(fault for fault in self.faults if fault.level == "error")

    @property
    def notes(self) -> tuple[Fault, ...]:
        """The faults that do not."""
        return tuple(fault for fault in self.faults if fault.level == "note")


def check(source: FilePath | str, library: Library, *, today: date) -> tuple[Fault, ...]:
    """Give every fault of a definition, in the order of its lines.

    ``source`` is a file, or the text itself; ``today`` is London's date, for reviews, prices and
    examples that fix no date of their own. Nothing that a definition holds makes this raise.
    """
    return prove(source, library, today=today).faults


def prove(source: FilePath | str, library: Library, *, today: date, draft: bool = False) -> Report:
    """Prove a definition, and keep what was loaded and how its examples went.

    ``draft``: nobody has reviewed it, whatever it says of itself.
    """
    if isinstance(source, FilePath):
        loaded = load_service(source, library)
    else:
        loaded = load_text(source, "definition.yaml", library)
    if loaded.authored is None or len(loaded.faults) >= MAX_FAULTS:
        return Report(loaded, loaded.faults)
    faults = [*loaded.faults, *risky(loaded.text, loaded.file)]
    mended = salvage(loaded)
    if mended is None:
        return Report(loaded, _in_order(faults))
    reviewed = mended.definition.reviewed and not draft
    definition = mended.definition.model_copy(update={"reviewed": reviewed})
    case = Case(definition, library.council, library.fees, today, asked_again(loaded))
    found, runs = _findings(case)
    faults += [_fault(loaded, library, finding) for finding in found if mended.trusts(finding)]
    return Report(loaded, _in_order(faults), runs)


def _findings(case: Case) -> tuple[list[Finding], tuple[Run, ...]]:
    found = [_weighed(case, check, finding) for check in CHECKS for finding in check(case)]
    try:
        form = compile_form(case.definition)
    except InvalidDefinition as refused:
        return found + [_finding(fault) for fault in refused.faults], ()
    if any(finding.level == "error" for finding in found):
        return found, ()
    return _tried(case, form, found)


def _weighed(case: Case, check: Check, finding: Finding) -> Finding:
    shown = case.council is not None and case.council.demonstration
    if case.definition.reviewed or not shown or check not in FOR_A_REVIEWER:
        return finding
    return replace(finding, level="note")


def _tried(case: Case, form: Form, found: list[Finding]) -> tuple[list[Finding], tuple[Run, ...]]:
    runs = trials.runs(case, form)
    return [*found, *trials.failing(runs)], runs


def _finding(fault: Fault) -> Finding:
    return Finding(fault.code, fault.where.path, fault.message, fault.remedy, fault.level)


def _fault(loaded: Loaded, library: Library, finding: Finding) -> Fault:
    where = loaded.place(*finding.path)
    message = finding.message
    if where.file != loaded.file:
        message = f"{message.rstrip('.')} (in {FilePath(where.file).stem})."
        where = replace(used_at(loaded, library, where.file), path=finding.path)
    return Fault(finding.code, message, finding.remedy, where, finding.level)


def _in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    """Put faults in the order of their lines, each once; a cut sentence explains what it broke."""
    cut = {
        (fault.where.file, fault.where.line) for fault in faults if fault.code.startswith("cut-")
    }
    kept = [
        fault
        for fault in faults
        if not (fault.code in OF_FORM and (fault.where.file, fault.where.line) in cut)
    ]
    once = {(replace(fault, where=replace(fault.where, path=()))): fault for fault in kept}
    return tuple(sorted(once.values(), key=lambda fault: (fault.where.file, fault.where.line)))
