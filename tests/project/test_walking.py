"""A walk finds where the pages are not as the engine has them; and how a page is read."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from tests.support.house import SERVICES, Clock, clock, house, library

from townhall.definitions import queries
from townhall.definitions.files import rehearse_file
from townhall.engine.examples import run_example
from townhall.engine.form import Form, compile_form
from townhall.engine.library import Library
from townhall.engine.model import Example
from townhall.project.rehearsal.pages import Fields, Page
from townhall.project.rehearsal.pages import Form as PageForm
from townhall.project.rehearsal.walking import Walk, Walked
from townhall.runner import fittings

__all__ = ["clock", "house", "library"]
ROOT = Path(__file__).parents[2]
Rehearse = Callable[[str], Form]


class InProcess:
    """Asks the real pages without a socket."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def open(self, path: str) -> Page:
        return self._read(self.client.get(path, follow=True), path)

    def send(self, form: PageForm, answers: Fields) -> Page:
        sent = {**form.held, **answers}
        return self._read(self.client.post(form.action, sent, follow=True), form.action)

    def _read(self, response, path: str) -> Page:
        last = response.redirect_chain[-1][0] if response.redirect_chain else path
        return Page.read(last, response.status_code, response.text)


@pytest.fixture
def rehearse(settings, clock: Clock, library: Library) -> Rehearse:
    """Put a service live as a rehearsal does."""
    settings.REHEARSAL = True

    def put(name: str) -> Form:
        file = SERVICES / f"{name}.yaml"
        done = rehearse_file(file, at=clock.now, library=library)
        assert not done.refused
        return queries.live(done.service, clock.now).form

    return put


def walked(form: Form, library: Library, clock: Clock, example: Example) -> Walked:
    """Walk an example of a form, whatever is live."""
    run = run_example(form, example, library.fees, today=clock.now.date())
    return Walk(InProcess(), form, run).go()


def example(form: Form, name: str) -> Example:
    return next(one for one in form.definition.examples if one.name == name)


def without_page(form: Form, page: str) -> Form:
    """The same service as if its author had never written one of its pages."""
    left = tuple(one for one in form.definition.pages if one.page != page)
    return compile_form(form.definition.model_copy(update={"pages": left}))


def test_a_walk_that_goes_as_said(rehearse: Rehearse, library: Library, clock: Clock) -> None:
    form = rehearse("additional-bin")
    found = walked(form, library, clock, example(form, "Two garden bins"))
    assert found.failures == ()
    assert found.fee == example(form, "Two garden bins").fee
    assert found.reference.startswith("TEST-")
    assert found.visited == tuple(dict.fromkeys(found.visited))


def test_it_finds_pages_that_are_not_the_engine_s(
    rehearse: Rehearse, library: Library, clock: Clock
) -> None:
    form = rehearse("missed-bin")
    given = example(form, "Garden waste too").model_copy(update={"visits": None})
    other = without_page(form, "garden-licence")
    found = walked(other, library, clock, given)
    assert found.failures == ("it comes to garden-licence, where its answers do not lead",)
    assert found.reference == ""


def test_it_finds_another_price(
    rehearse: Rehearse, library: Library, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = rehearse("additional-bin")
    given = example(form, "Two garden bins")
    prices = {
        name: tuple(one.model_copy(update={"pounds": one.pounds + 1}) for one in dated)
        for name, dated in library.fees.prices.items()
    }
    dearer = library.fees.model_copy(update={"prices": prices})
    before = fittings.installed()
    monkeypatch.setattr(fittings, "_installed", [replace(before, fees=lambda: dearer)])
    [failure] = walked(form, library, clock, given).failures
    assert failure.startswith("check answers shows a fee of £")
    assert failure.endswith(f", not £{given.fee:.2f}")


def test_it_finds_pages_that_do_not_say_that_nothing_is_sent(
    rehearse: Rehearse, library: Library, clock: Clock, settings
) -> None:
    form = rehearse("missed-bin")
    settings.REHEARSAL = False
    found = walked(form, library, clock, example(form, "Too long ago"))
    assert found.failures[0] == "/missed-bin does not say “Rehearsal: nothing is sent”"


def test_it_finds_an_example_that_is_wrong_of_itself(
    rehearse: Rehearse, library: Library, clock: Clock
) -> None:
    form = rehearse("missed-bin")
    wrong = example(form, "Too long ago").model_copy(update={"exit": None, "fails": {"due": "x"}})
    failures = walked(form, library, clock, wrong).failures
    assert failures[0] == "its answers have the problems none, not due: x"
    assert len(failures) == 2


PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body>
<div class="govuk-error-summary"><ul><li><a href="#a">Enter &amp; go</a></li></ul></div>
<h1>What <b>is</b> it?</h1><form id="page-form" action="/s/p" method="post">
<input type="hidden" name="token" value="x&quot;y"><input name="a" value="1">
<input type="radio" name="r" value="one"><input type="radio" name="r" value="two" checked>
<input type="checkbox" name="c" value="c1" checked>
<input type="checkbox" name="c" value="c2" checked>
<textarea name="t">
 line</textarea><select name="s"><option value="">-</option><option value="v" selected>V</option>
</select></form><input name="out" value="o" form="page-form"><form action="/leave"></form>
<table><tbody><tr><th>Total</th><td>£1,096.00</td></tr></tbody></table>
<strong id="reference">TEST-1</strong></body></html>"""


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    page = Page.read("/s/p/2", 200, PAGE)
    assert page.place == ("p", "2")
    assert page.heading == "What is it?"
    assert page.errors == [("Enter & go", "#a")]
    assert page.rows == [["Total", "£1,096.00"]]
    assert page.by_id("reference") == "TEST-1"
    form = page.form(id="page-form")
    assert form is not None
    assert form.action == "/s/p"
    assert form.held == {
        "token": ['x"y'],
        "a": ["1"],
        "r": ["two"],
        "c": ["c1", "c2"],
        "t": [" line"],
        "s": ["v"],
        "out": ["o"],
    }
    assert page.form(action="/leave") is not None
    assert page.form(id="none") is None


DRAFT = """townhall: 1
service: draft
title: A draft that nobody has published
available: {from: 2099-01-01}
pages:
  - page: one
    questions:
      - {id: depth, ask: How deep is it?, type: number, personal: none}
confirmation: {next: We will look.}
"""


@pytest.mark.kill
def test_the_command_line_says_what_went_wrong_and_where(tmp_path: Path) -> None:
    for name in ("council", "fees", "missed-bin"):
        text = (SERVICES / f"{name}.yaml").read_text()
        text = text.replace("demonstration: true", "demonstration: false")
        (tmp_path / f"{name}.yaml").write_text(text.replace("exit: too-late", "exit: not-yet-due"))
    before, _ = (SERVICES / "missed-bin.yaml").read_text().split("- name: Too long ago")
    line = 1 + before.count("\n")
    (tmp_path / "draft.yaml").write_text(DRAFT)
    (tmp_path / "broken.yaml").write_text("townhall: 1\nservice: broken\ntitle: Broken\n")
    command = [sys.executable, "-m", "townhall.project.cli", "walk", "--services", str(tmp_path)]
    env = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert "  ok     Nothing but sample answers: 4 pages, TEST-" in done.stdout
    assert "  wrong  Too long ago: 3 pages, ends at too-late" in done.stdout
    assert "4 of 5 examples went as said. 1 service could not be rehearsed." in done.stdout
    assert f"{tmp_path}/missed-bin.yaml:{line}: example-fails: " in done.stderr
    assert f"{tmp_path}/broken.yaml:1: missing-key: " in done.stderr
    assert "Traceback" not in done.stderr
    none = subprocess.run(
        [*command, "nothing", "--json"], env=env, capture_output=True, text=True, check=False
    )
    assert none.returncode == 1
    assert none.stderr.startswith("nothing:1: no-service: ")
