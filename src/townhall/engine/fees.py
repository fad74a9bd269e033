"""Dated prices, and what a service costs given its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import Field

from townhall.engine.parts import Part
from townhall.engine.words import Words


class Price(Part):
    """An amount in pounds, from a date until the next one."""

    from_: date = Field(alias="from")
    pounds: Decimal = Field(max_digits=9, decimal_places=2)


class NoPrice(KeyError):
    """A fee line names a price that the table has not, or not yet: its key."""


class FeeTables(Part):
    """Every price by its key (``pest.treatment``), each with its dates."""

    prices: dict[Words, tuple[Price, ...]] = Field(default_factory=dict)

    def price(self, key: str, on: date) -> Decimal | None:
        """Give the price in pounds in force on a day; None where the table has none."""
        in_force = [price for price in self.prices.get(key, ()) if price.from_ <= on]
        return max(in_force, key=lambda price: price.from_).pounds if in_force else None


@dataclass(frozen=True)
class Charge:
    """One line of a fee as charged: ``pounds`` is ``count`` times the price."""

    line: str
    count: int
    each: Decimal
    vat: str | None = None
    ledger: str | None = None

    @property
    def pounds(self) -> Decimal:
        """The line's total in pounds."""
        return self.each * self.count


@dataclass(frozen=True)
class Fee:
    """What a service costs, line by line."""

    charges: tuple[Charge, ...] = ()

    @property
    def pounds(self) -> Decimal:
        """The total in pounds; reductions are negative lines, and the total is never below zero."""
        return max(sum((charge.pounds for charge in self.charges), Decimal(0)), Decimal(0))


def charge_count(times: object, after_first: int, *, counted: bool) -> int:
    """Give how often a line is charged: once, or the answer less the first ``after_first``."""
    if not counted:
        return 1
    number = int(times) if isinstance(times, int | Decimal) else 0
    return max(number - after_first, 0)


def read_prices(raw: Mapping[str, object]) -> FeeTables:
    """Read a fee file's plain values; raises pydantic's ValidationError."""
    return FeeTables.model_validate({"prices": raw.get("prices", {})})
