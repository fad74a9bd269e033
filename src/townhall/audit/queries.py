"""Reading the audit, and proving that nothing was taken out of it."""

from django.db import transaction
from django.db.models import Q, QuerySet

from townhall.audit.chain import START, Break, first_break
from townhall.audit.models import Entry, Head


def history(which: str) -> QuerySet[Entry]:
    """Give everything that was done to one record, oldest first."""
    return Entry.objects.filter(which=which).order_by("number")


def about(which: str) -> QuerySet[Entry]:
    """Give the same for whatever somebody typed; a service's name finds its versions too."""
    found = Q(which=which) | Q(which__startswith=f"{which} ")
    return Entry.objects.filter(found).order_by("number")


def count() -> int:
    """Count the rows."""
    return Entry.objects.count()


@transaction.atomic
def broken() -> Break | None:
    """Find where the chain of rows does not hold; None when every row is there, as written.

    The head is locked meanwhile, so no row is added between reading it and the last row.
    """
    head = Head.objects.select_for_update().filter(pk=1).first()
    rows = Entry.objects.order_by("number").iterator(chunk_size=2_000)
    lines = (entry.line for entry in rows)
    return first_break(lines, head.number if head else 0, head.hash if head else START)
