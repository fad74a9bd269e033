"""Measures what a page costs. It judges nothing, because machines differ: `make bench` prints."""

import statistics
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from townhall.definitions.files import publish_file
from townhall.engine.answers import Answers
from townhall.engine.form import compile_form
from townhall.engine.library import Library
from townhall.engine.load import load_service
from townhall.engine.route import walk
from townhall.proof.check import prove

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
SERVICES = Path(__file__).parents[2] / "services"
TODAY = date(2026, 12, 2)
ANSWERS = {
    "when-due": {"due": "recent"},
    "which-bins": {"bins": ["rubbish", "garden"]},
}


def cpu(work, times):
    """Median CPU milliseconds of one call."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def tell(what, milliseconds, more=""):
    print(f"  {what:<46}{milliseconds:>9.3f} ms of CPU{more}")


@pytest.fixture
def library():
    return Library.shipped().with_folder(SERVICES)


def test_the_engine(library):
    definition = load_service(SERVICES / "missed-bin.yaml", library).definition
    form = compile_form(definition)
    tell("walk the route of missed-bin", cpu(lambda: walk(form, Answers(), today=TODAY), 500))
    tell("compile it", cpu(lambda: compile_form(definition), 100))
    file = SERVICES / "missed-bin.yaml"
    tell("prove it, examples run", cpu(lambda: prove(file, library, today=TODAY), 10))


def test_pages(library):
    at = datetime(2026, 12, 2, 9, tzinfo=UTC)
    publish_file(SERVICES / "missed-bin.yaml", by="bench", at=at, library=library)
    client = Client()
    client.post("/missed-bin")
    for page in ("/", "/missed-bin", "/missed-bin/when-due", "/missed-bin/privacy"):
        measure(f"GET {page}", lambda page=page: client.get(page))
    for page, answers in ANSWERS.items():
        measure(
            f"POST /missed-bin/{page}",
            lambda page=page, answers=answers: client.post(f"/missed-bin/{page}", answers),
        )


def measure(what, work):
    with CaptureQueriesContext(connection) as queries:
        answer = work()
    assert answer.status_code in (200, 302, 303), answer.status_code
    more = f", {len(queries)} queries, {len(answer.content):,} bytes"
    tell(what, cpu(work, 50), more)
