"""Shows states in a browser one after another and runs every check on each that is new."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterable
from pathlib import Path

from bs4 import Tag
from playwright.sync_api import Browser, FloatRect, Page, Route

from tests.support.accessibility.checks import CHECKS, LOOK, TALL, WIDE, Check, Sight
from tests.support.accessibility.evidence import EVIDENCE, ROOT, Evidence, Looked, write
from tests.support.accessibility.states import State, shape_of

PAGES = Path(os.environ.get("TOWNHALL_PAGES", ROOT / "build" / "pages"))
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
THOROUGH = bool(os.environ.get("TOWNHALL_EVERY_STATE"))

# Without these a browser asks its maker's servers for things; nothing may leave the machine.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Inspector:
    """One browser's two windows, with scripts and without, and what they were shown already.

    A state made of parts of the same shapes as states looked at before, by this process or another
    of the same test run, is written down as like those. TOWNHALL_EVERY_STATE=1 spares none.
    """

    def __init__(
        self, browser: Browser, *, folder: Path = EVIDENCE, thorough: bool = THOROUGH
    ) -> None:
        self.folder = folder
        self.thorough = thorough
        self.contexts = [
            browser.new_context(viewport=WIDE, locale="en-GB", java_script_enabled=scripts)
            for scripts in (True, False)
        ]
        self.page, self.plain = (context.new_page() for context in self.contexts)
        self.claims = folder / ".claims" / RUN

    def close(self) -> None:
        """Close both windows."""
        for context in self.contexts:
            context.close()

    def visit(self, states: Iterable[State], address: str) -> Evidence:
        """Look at each state that is new, and write the evidence of all."""
        evidence = Evidence()
        for state in states:
            looked = self._looked(state, address)
            write(looked, self.folder)
            evidence.looked.append(looked)
        return evidence

    def _looked(self, state: State, address: str) -> Looked:
        name = f"{state.service}: {state.name}"
        parts = _parts(state.page)
        first = [self._claim(mark, name) for mark in {shape_of(part) for part in parts}]
        bare = [self._claim(mark, name) for mark in {shape_of(part, bare=True) for part in parts}]
        if not self.thorough and all(first):
            return Looked(state, like=tuple(sorted(set(first))))
        keep(state)
        slow = self.thorough or not all(bare)
        return self.look(state, address, [one for one in CHECKS if slow or not one.slow])

    def look(self, state: State, address: str, checks: Iterable[Check] = CHECKS) -> Looked:
        """Show one state and run these checks."""
        sight = Sight(state, self.page, self.plain).within(WIDE)
        for page in (self.page, self.plain):
            show(page, state, address)
            page.evaluate(LOOK)
        results = tuple(check.of(sight) for check in checks)
        wanted = self.thorough or any(result.failures for result in results)
        return Looked(state, results, screenshot=self._picture(sight) if wanted else "")

    def _picture(self, sight: Sight) -> str:
        file = self.folder / sight.state.service / f"{sight.state.slug}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        # The window is as tall as it gets by now, so no part of the page lies outside it.
        high: int = sight.within(TALL).page.evaluate("() => document.documentElement.offsetHeight")
        whole: FloatRect = {
            "x": 0,
            "y": 0,
            "width": TALL["width"],
            "height": min(high, TALL["height"]),
        }
        self.page.screenshot(path=file, type="jpeg", quality=50, clip=whole)
        return file.name

    def _claim(self, mark: str, name: str) -> str:
        """Give "" to the first who asks with this mark, and that one's name to all who follow."""
        self.claims.mkdir(parents=True, exist_ok=True)
        file = self.claims / mark
        try:
            with file.open("x") as claimed:
                claimed.write(name)
        except FileExistsError:
            return file.read_text() or "another at the same time"
        return ""


def _parts(page: Tag) -> list[Tag]:
    """What a page is made of: the smallest things that stand by themselves."""
    body = page.body or page
    whole = [one for one in body.find_all(True) if one.select_one("main, #page-form, h1")]
    holders = [body, *whole, *body.select("main, #page-form")]
    held = [one for holder in holders for one in holder.find_all(True, recursive=False)]
    ids = {id(one) for one in holders}
    return [one for one in held if id(one) not in ids]


def keep(state: State) -> Path:
    """Keep a page for the checkers that look at all pages at once."""
    PAGES.mkdir(parents=True, exist_ok=True)
    file = PAGES / f"{state.service}--{state.slug}.html"
    file.write_bytes(state.body)
    return file


def kept() -> list[Path]:
    """Every page that was looked at, as it was sent."""
    return sorted(PAGES.glob("*.html"))


def show(page: Page, state: State, address: str) -> None:
    """Show a state at its own address, as it was sent; styles and scripts come from the server."""
    url = f"{address}{state.path}"

    def answer(route: Route) -> None:
        route.fulfill(status=state.status, headers=dict(state.headers), body=state.body)

    own = re.compile(f"^{re.escape(url)}$")
    page.route(own, answer)
    page.goto(url, wait_until="load")
    page.unroute(own)
