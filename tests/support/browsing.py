"""A person at a real browser: by pointer or by keys alone, with or without JavaScript."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
KNOWN = ROOT / "tests" / "axe-known.toml"
PAGES = Path(os.environ.get("TOWNHALL_PAGES", ROOT / "build" / "pages"))
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
MANY_TABS = 80
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

RUN_AXE = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations']})
  return found.violations.flatMap(rule => rule.nodes.map(node => ({
    rule: rule.id, help: rule.help, target: node.target[0], html: node.html,
    why: node.failureSummary})))
}"""
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDER_THAN_PAGE = """() => [...document.querySelectorAll('body *')].filter(e => {
  const box = e.getBoundingClientRect()
  const hidden = e.closest('dialog:not([open]), .govuk-skip-link, .govuk-visually-hidden')
  const scrolls = e.closest('.th-items__table, .th-table')
  return !hidden && !scrolls && box.width > 0 && box.right > 321
}).map(e => e.outerHTML.slice(0, 120))"""
WITHOUT_EDGE = """() => [...document.querySelectorAll(
  'button, select, textarea, input:not([type=hidden], [type=radio], [type=checkbox])'
)].filter(e => e.getClientRects().length && parseFloat(getComputedStyle(e).borderTopWidth) < 1)
  .map(e => e.outerHTML.slice(0, 120))"""
UNDRAWN_CHOICES = """() => [...document.querySelectorAll(
  '.govuk-radios__label, .govuk-checkboxes__label')].filter(
  e => parseFloat(getComputedStyle(e, '::before').borderTopWidth) < 1).map(e => e.textContent)"""
FOCUS_SEEN = """() => {
  const seen = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0
    || s.boxShadow !== 'none'
  const e = document.activeElement
  const next = e.nextElementSibling
  return seen(getComputedStyle(e)) || !!next && seen(getComputedStyle(next, '::before'))
}"""


class Person:
    """Someone with one browser window, on one server."""

    def __init__(self, browser: Browser, address: str, *, scripts: bool = True) -> None:
        self.address = address
        self.context = browser.new_context(
            base_url=address, java_script_enabled=scripts, viewport=WIDE, locale="en-GB"
        )
        self.page: Page = self.context.new_page()
        self.asked_for: list[str] = []
        self.complaints: list[str] = []
        self.shown: Response | None = None
        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.on("response", self._note)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status not in (301, 302, 303):
            self.shown = response

    def _hear(self, message: Any) -> None:
        # Chromium reports a page of ours that says 404 as if it were a fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    # ── Going about ─────────────────────────────────────────────────────────

    def open(self, path: str) -> Person:
        self.page.goto(path)
        return self

    def start(self, service: str) -> Person:
        self.open(f"/{service}")
        self.press("Start now")
        return self

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text().strip()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    @property
    def errors(self) -> list[str]:
        return self.page.locator(".govuk-error-summary__list a").all_inner_texts()

    def press(self, name: str) -> None:
        self._activate(self.page.get_by_role("button", name=name).first)

    def follow(self, name: str) -> None:
        self._activate(self.page.get_by_role("link", name=name).first)

    def go_on(self) -> None:
        """Press the button of the page's own form."""
        self._activate(self.page.locator("#page-form button[type=submit]").last)

    def fill(self, answers: Mapping[str, str | list[str]]) -> None:
        """Answer fields by their names: words to type, or the values of what to choose."""
        for name, value in answers.items():
            for one in [value] if isinstance(value, str) else value:
                self._answer(name, one)

    def _answer(self, name: str, value: str) -> None:
        field = self.page.locator(f"#page-form [name='{name}']")
        match field.first.get_attribute("type"), field.first.evaluate("e => e.tagName"):
            case (("radio" | "checkbox"), _):
                self._choose(field, value)
            case _, "SELECT":
                self._select(field, value)
            case _:
                self._type(field, value)

    def _activate(self, thing: Locator) -> None:
        with self.page.expect_navigation():
            thing.click()

    def _choose(self, field: Locator, value: str) -> None:
        self.page.locator(
            f"#page-form [name='{field.first.get_attribute('name')}'][value='{value}']"
        ).check()

    def _select(self, field: Locator, value: str) -> None:
        field.select_option(value)

    def _type(self, field: Locator, value: str) -> None:
        field.fill(value)

    # ── Looking hard ────────────────────────────────────────────────────────

    def look(self, state: str) -> None:
        """Check the page as it stands in every way a machine can; keep it for the page checkers."""
        faults = [
            *self._axe(),
            *self._in_narrow_window(),
            *self._in_forced_colours(),
            *(f"console: {words}" for words in self.complaints),
            *self._strangers(),
        ]
        assert not faults, "\n".join([f"{state} ({self.path})", *faults])
        self._keep(state)

    def _axe(self) -> list[str]:
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(RUN_AXE, AXE_TAGS)
        return [
            f"axe {one['rule']}: {one['help']}: {one['html'][:200]}\n{one['why']}"
            for one in found
            if not self._is_known(one)
        ]

    def _is_known(self, found: Mapping[str, Any]) -> bool:
        return any(
            one["rule"] == found["rule"]
            and self.page.locator(found["target"]).first.evaluate(
                "(e, s) => e.matches(s)", one["selector"]
            )
            for one in known()
        )

    def _in_narrow_window(self) -> list[str]:
        """WCAG 1.4.10: at 320 CSS pixels nothing needs scrolling sideways."""
        self.page.set_viewport_size(NARROW)
        wide = self.page.evaluate(WIDER_THAN_PAGE)
        scrolls = self.page.evaluate("() => document.scrollingElement.scrollWidth > 320")
        self.page.set_viewport_size(WIDE)
        return [f"320 px: {html}" for html in wide] + ["320 px: scrolls sideways"] * scrolls

    def _in_forced_colours(self) -> list[str]:
        self.page.emulate_media(forced_colors="active")
        found = self.page.evaluate(WITHOUT_EDGE) + self.page.evaluate(UNDRAWN_CHOICES)
        self.page.emulate_media(forced_colors="none")
        return [f"forced colours: no edge: {html}" for html in found]

    def _strangers(self) -> list[str]:
        """Only the one strictly necessary cookie pair, no storage, and no other host."""
        found = [url for url in self.asked_for if not url.startswith((self.address, "data:"))]
        kept = self.page.evaluate("() => localStorage.length + sessionStorage.length")
        names = {cookie["name"] for cookie in self.context.cookies()}
        more = sorted(name for name in names if not name.startswith("townhall_"))
        return [f"stranger: {one}" for one in found + more] + ["storage is used"] * bool(kept)

    def _keep(self, state: str) -> None:
        assert self.shown is not None
        name = re.sub(r"[^a-z0-9]+", "-", state.lower()).strip("-")
        mark = hashlib.sha256(state.encode()).hexdigest()[:6]
        PAGES.mkdir(parents=True, exist_ok=True)
        (PAGES / f"{name}-{mark}.html").write_bytes(self.shown.body())


class KeyboardPerson(Person):
    """Someone who never touches a pointer: everything is reached by Tab and done by keys."""

    def _activate(self, thing: Locator) -> None:
        self._reach(thing)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _choose(self, field: Locator, value: str) -> None:
        chosen = field.and_(self.page.locator(f"[value='{value}']"))
        if field.first.get_attribute("type") == "checkbox":
            self._reach(chosen)
            self.page.keyboard.press("Space")
            return
        self._reach(field.first)
        self.page.keyboard.press("Space")
        for _ in range(field.count()):
            if chosen.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert chosen.is_checked()

    def _select(self, field: Locator, value: str) -> None:
        self._reach(field)
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert field.input_value() == value

    def _type(self, field: Locator, value: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(value)

    def _reach(self, thing: Locator) -> None:
        for _ in range(MANY_TABS):
            if thing.evaluate("e => e === document.activeElement"):
                assert self.page.evaluate(FOCUS_SEEN), "focus cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {thing}")


def known() -> list[dict[str, str]]:
    """What axe is known to find, and why it stands."""
    found: list[dict[str, str]] = tomllib.loads(KNOWN.read_text())["known"]
    return found


def saved_pages() -> list[Path]:
    """Every page that was looked at, as it was sent."""
    return sorted(PAGES.glob("*.html"))
