"""The house as these tests have it, with what is counted in sight."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.support.house import clock, house, library, put, put_service, visitor

from townhall.project import counts, health, metrics
from townhall.runner import fittings

__all__ = ["clock", "house", "library", "put", "put_service", "visitor"]


@pytest.fixture(autouse=True)
def looked_afresh():
    """What an earlier test found is not what this one finds."""
    health._looked.forget()
    yield
    health._looked.forget()


@pytest.fixture
def counted(house, clock, library):
    """Have happenings counted as wiring.py has them."""
    made = fittings.Fittings(clock, lambda: library.council, lambda: library.fees, counts.happened)
    fittings.install(made)


@pytest.fixture
def series():
    """Every sample that `/metrics` has now: {(name, its labels in order): value}."""

    def read():
        families = text_string_to_metric_families(metrics.written().decode())
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    return read
