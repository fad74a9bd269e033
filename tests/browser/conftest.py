"""One server and one browser for all the tests of a process."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.support.accessibility import markup
from tests.support.accessibility.inspector import QUIET, Inspector
from tests.support.browsing import KeyboardPerson, Person
from tests.support.corpus import named
from tests.support.own_database import empty_database, run
from tests.support.serving import serving

HERE = Path(__file__).parent
SERVICES = HERE.parents[1] / "services"


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A whole server with the demonstration's services and those of these tests."""
    folder = tmp_path_factory.mktemp("served") / "data"
    imported = folder.parent / "imported"
    imported.mkdir()
    if outbreak := named().get("outbreak"):
        run(
            dict(os.environ), "townhall.project.cli", "import", str(outbreak), "--to", str(imported)
        )
    with empty_database() as address:
        folders = ("--services", str(SERVICES), str(HERE / "services"), str(imported))
        with serving(folder, *folders, DATABASE_URL=address) as running:
            running.data = folder
            yield running


@pytest.fixture(scope="session")
def browser():
    path = os.environ.get("TOWNHALL_CHROMIUM") or shutil.which("chromium")
    assert path, "run `make test`, or set TOWNHALL_CHROMIUM to the path of a Chromium"
    with sync_playwright() as tools:
        running = tools.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()
    markup.stop()


@pytest.fixture(scope="session")
def inspector(browser):
    looking = Inspector(browser)
    yield looking
    looking.close()


@pytest.fixture
def person(served, browser):
    someone = Person(browser, served.address)
    yield someone
    someone.context.close()


@pytest.fixture
def keyboard_person(served, browser):
    someone = KeyboardPerson(browser, served.address)
    yield someone
    someone.context.close()


@pytest.fixture
def person_without_scripts(served, browser):
    someone = Person(browser, served.address, scripts=False)
    yield someone
    someone.context.close()


# The published forms are not part of this repository; their tests are collected where they lie.
collect_ignore = [] if named() else ["test_imported.py"]
