"""The table of question kinds: what `type:` may say."""

from collections.abc import Iterable

from townhall.engine.kinds.addresses import Address
from townhall.engine.kinds.base import AnyKind, BadOperand, BadStored, Choice, Context, Kind
from townhall.engine.kinds.choices import Checkboxes, Radios, Select, YesNo
from townhall.engine.kinds.computed import Computed, Group
from townhall.engine.kinds.contact import Email, Phone, Url
from townhall.engine.kinds.dates import Date, MonthYear
from townhall.engine.kinds.declarations import Declaration
from townhall.engine.kinds.names import Name
from townhall.engine.kinds.numbers import Money, Number, Percent
from townhall.engine.kinds.postcodes import Postcode
from townhall.engine.kinds.texts import LongText, Text
from townhall.engine.kinds.times import Time

__all__ = [
    "ALIASES",
    "KINDS",
    "AnyKind",
    "BadOperand",
    "BadStored",
    "Choice",
    "Context",
    "Kind",
    "install",
    "kind_named",
]

KINDS: dict[str, AnyKind] = {}

ALIASES = {
    "long text": "long-text",
    "textarea": "long-text",
    "month and year": "month-year",
    "yes/no": "yes-no",
    "yes or no": "yes-no",
    "checkbox": "checkboxes",
    "radio": "radios",
}
"""Other spellings that a file may use; the canonical definition holds the kind's own name."""


def install(kinds: Iterable[AnyKind]) -> None:
    """Add kinds to the table. ValueError if a name is taken."""
    for kind in kinds:
        if kind.name in KINDS or kind.name in ALIASES:
            raise ValueError(f"there is already a question kind named {kind.name!r}")
        KINDS[kind.name] = kind


def kind_named(name: str) -> AnyKind | None:
    """The kind that `type: name` means, by its own name or another spelling."""
    plain = name.strip().lower()
    return KINDS.get(ALIASES.get(plain, plain))


install(
    (
        Text(),
        LongText(),
        Number(),
        Money(),
        Percent(),
        Date(),
        MonthYear(),
        Time(),
        Email(),
        Phone(),
        Url(),
        Radios(),
        Checkboxes(),
        Select(),
        YesNo(),
        Name(),
        Address(),
        Postcode(),
        Declaration(),
        Group(),
        Computed(),
    )
)
