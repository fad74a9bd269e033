"""Every state of every page of every service, looked at in every way; the evidence is kept."""

from datetime import UTC, datetime

import pytest
from tests.browser.conftest import HERE, SERVICES
from tests.support.accessibility.services import service_states
from tests.support.accessibility.site import site_states
from tests.support.lapsing import forget_two_hours

from townhall.engine.library import NOT_SERVICES, Library
from townhall.engine.load import load_service

LIBRARY = Library.shipped().with_folder(SERVICES)
FILES = {
    file.stem: file
    for folder in (HERE / "services", SERVICES)
    for file in sorted(folder.glob("*.yaml"))
    if file.name not in NOT_SERVICES
}

# About the seconds of those with the most states.
LONG = {
    "fostering-enquiry": 34,
    "compliments-and-complaints": 22,
    "every-kind": 22,
    "library-volunteering": 22,
    "flooding-report": 11,
}


@pytest.mark.parametrize(
    "service",
    [pytest.param(name, marks=pytest.mark.long(LONG.get(name, 5))) for name in FILES],
)
def test_a_service(served, inspector, service):
    definition = load_service(FILES[service], LIBRARY).definition
    states = service_states(
        served.address,
        definition,
        # The server's clock is the real one.
        today=datetime.now(UTC).date(),
        lapse=lambda: forget_two_hours(served.data),
    )
    inspector.visit(states, served.address).demand()


def test_the_site_itself(served, inspector):
    inspector.visit(site_states(served.address, "missed-bin"), served.address).demand()
