"""Export: who read what of a service and why is in the audit before the first line is given."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from townhall.audit.actions import record
from townhall.definitions.queries import version_form, versions
from townhall.submissions.export import (
    FIXED,
    answers_in_words,
    chosen,
    csv_line,
    fields_of,
    json_line,
)
from townhall.submissions.models import Submission
from townhall.submissions.openable import look_at
from townhall.submissions.queries import Reading, open_reading
from townhall.submissions.schema import body_of
from townhall.submissions.sealing import SealError

BATCH = 200


class NoReason(Exception):
    """An export outside a demonstration needs a reason."""


class NothingToExport(LookupError):
    """No version of such a service was ever published."""


class MissingKeys(LookupError):
    """Keys that sealed what would be exported are not in the environment, or others by their ids;
    the ids in order.
    """


class UnknownField(LookupError):
    """A field was named that no version of the service has."""


@dataclass(frozen=True)
class Wanted:
    """What to export; ``named`` are fields of class special, offence or child to give too.

    ``left_out`` is told the reference of each record that cannot be opened.
    """

    service: str
    named: Sequence[str] = ()
    as_json: bool = False
    left_out: Callable[[str], None] = lambda reference: None


def export_lines(
    wanted: Wanted, *, by: str, reason: str, at: datetime, demonstration: bool = False
) -> Iterator[str]:
    """Give an export's lines, oldest first; the audit row is committed before this returns.

    Raises NoReason, NothingToExport, UnknownField or MissingKeys before anything is read or
    written.
    """
    if not reason.strip() and not demonstration:
        raise NoReason
    forms = [version_form(hash) for hash in versions(wanted.service)]
    if not forms:
        raise NothingToExport(wanted.service)
    try:
        keys = chosen(fields_of(forms), wanted.named)
    except KeyError as unknown:
        raise UnknownField(unknown.args[0]) from None
    if missing := look_at(wanted.service).useless:
        raise MissingKeys(missing)
    rows = Submission.objects.filter(service=wanted.service).exclude(wrapped_key=b"")
    ids = list(rows.order_by("received_at", "id").values_list("pk", flat=True))
    detail: dict[str, int | list[str]] = {"count": len(ids), "fields": keys}
    record("export", which=wanted.service, who=by, at=at, reason=reason, detail=detail)
    return _lines(ids, keys, wanted)


def _lines(ids: Sequence[uuid.UUID], keys: Sequence[str], wanted: Wanted) -> Iterator[str]:
    if not wanted.as_json:
        yield csv_line([*FIXED, *keys])
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        for row in Submission.objects.filter(pk__in=batch).order_by("received_at", "id"):
            if not row.wrapped_key:
                continue
            try:
                reading = open_reading(row)
            except SealError:
                wanted.left_out(row.reference)
                continue
            yield _line(reading, keys, as_json=wanted.as_json)


def _line(reading: Reading, keys: Sequence[str], *, as_json: bool) -> str:
    receipt = reading.receipt
    questions = reading.form.questions.values()
    body = body_of(
        reading.form,
        reading.answers,
        reference=receipt.reference,
        received_at=receipt.at,
        language=receipt.language,
        leave_out={question.id for question in questions if question.key not in keys},
    )
    fixed = {name: str(body[name]) for name in FIXED}
    if as_json:
        return json_line(fixed, body["answers"])
    words = answers_in_words(reading.form, reading.answers, keys)
    return csv_line([*fixed.values(), *(words.get(key, "") for key in keys)])
