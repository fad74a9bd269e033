"""A person at a real browser: by pointer or by keys alone, with or without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response

from tests.support.accessibility.checks import CHECKS, LOOK, WIDE, Sight
from tests.support.accessibility.evidence import EVIDENCE, Looked, write
from tests.support.accessibility.inspector import keep
from tests.support.accessibility.states import State

MANY_TABS = 80
# These would move the focus, or need the page as it was sent: they are for what is replayed.
NOT_LIVE = {"keyboard", "no javascript", "error focus"}
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
        self.evidence = EVIDENCE
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

    def look(self, name: str) -> None:
        """Check the page as it stands, which only this browser can show, and keep it."""
        state = self._state(name)
        self.page.evaluate(LOOK)
        sight = Sight(state, self.page, self.page)
        results = tuple(check.of(sight) for check in CHECKS if check.name not in NOT_LIVE)
        sight.within(WIDE)
        looked = Looked(state, results)
        write(looked, self.evidence)
        strangers = [*(f"console: {words}" for words in self.complaints), *self._strangers()]
        assert not [*looked.faults, *strangers], "\n".join(
            [f"{name} ({self.path})", *looked.faults, *strangers]
        )
        keep(state)

    def _state(self, name: str) -> State:
        shown = self.shown
        assert shown is not None
        return State("live", name, self.path, shown.status, shown.headers, shown.body())

    def _strangers(self) -> list[str]:
        """Only the one strictly necessary cookie pair, no storage, and no other host."""
        found = [url for url in self.asked_for if not url.startswith((self.address, "data:"))]
        kept = self.page.evaluate("() => localStorage.length + sessionStorage.length")
        names = {cookie["name"] for cookie in self.context.cookies()}
        more = sorted(name for name in names if not name.startswith("townhall_"))
        return [f"stranger: {one}" for one in found + more] + ["storage is used"] * bool(kept)


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
