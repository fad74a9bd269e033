"""Every check of a state in one table: what it is for, what it looks at, and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize

from tests.support.accessibility import engines, markup
from tests.support.accessibility.evidence import Finding, Result
from tests.support.accessibility.states import State

LOOK = (Path(__file__).parent / "look.js").read_text()
NARROW: ViewportSize = {"width": 320, "height": 4000}
WIDE: ViewportSize = {"width": 1280, "height": 900}
TALL: ViewportSize = {"width": 1280, "height": 4000}
Said = list[dict[str, Any]]


@dataclass(frozen=True)
class Sight:
    """A state on show: in a window with scripts, and in one without."""

    state: State
    page: Page
    plain: Page

    def ask(self, what: str, *, of: Page | None = None) -> Said:
        """What a function of look.js says about the page."""
        said: Said = (of or self.page).evaluate(f"() => look.{what}")
        return said

    def within(self, size: ViewportSize) -> Sight:
        """Look through a window of another size from now on."""
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)
        return self


@dataclass(frozen=True)
class Check:
    """One way of looking, the criteria of WCAG it serves, and what to do about what it finds.

    A ``slow`` one is spared where only the look of a part is new, or how long its words are.
    """

    name: str
    criteria: tuple[str, ...]
    remedy: str
    run: Callable[[Sight], Result | Said]
    slow: bool = False

    def of(self, sight: Sight) -> Result:
        """Look, and say what came of it in the evidence's words."""
        said = self.run(sight)
        if isinstance(said, Result):
            return said
        findings = tuple(Finding(**one, remedy=self.remedy) for one in said)
        return Result(
            self.name, "look.js in Chromium", _browser(sight.page), self.criteria, (), findings
        )


def _browser(page: Page) -> str:
    browser = page.context.browser
    return browser.version if browser else ""


def _axe(sight: Sight) -> Result:
    return engines.axe(sight.page)


def _ibm(sight: Sight) -> Result:
    return engines.ibm(sight.page)


def _html(sight: Sight) -> Result:
    return markup.html_validate(sight.state.body.decode())


def _errors(sight: Sight) -> Said:
    return sight.ask(f"errors({str(sight.state.failed).lower()})")


def _error_focus(sight: Sight) -> Said:
    return sight.ask("summaryFocused()")


def _frame(sight: Sight) -> Said:
    return sight.ask("frame()")


def _plays(sight: Sight) -> Said:
    return sight.ask("plays()")


def _targets(sight: Sight) -> Said:
    return sight.ask("targets()") + sight.within(NARROW).ask("targets()")


def _reflow(sight: Sight) -> Said:
    return sight.within(NARROW).ask("reflow()")


def _text_spacing(sight: Sight) -> Said:
    sight.within(NARROW).ask("space(true)")
    found = sight.ask("reflow()") + sight.ask("words()") + sight.within(TALL).ask("words()")
    sight.ask("space(false)")
    return found


def _text_size(sight: Sight) -> Said:
    sight.within(TALL).ask("enlarge(true)")
    found = sight.ask("reflow()") + sight.ask("words()")
    sight.ask("enlarge(false)")
    return found


def _forced_colours(sight: Sight) -> Said:
    sight.page.emulate_media(forced_colors="active")
    found = sight.ask("edges()") + sight.ask("outlines()")
    sight.page.emulate_media(forced_colors="none")
    return found


def _keyboard(sight: Sight) -> Said:
    """Tab from the first control to the last, look at each, and go one back."""
    stops: int = sight.page.evaluate("() => look.begin()")
    found = sight.ask("strays()")
    for number in range(stops):
        said = sight.ask(f"step({number})")
        found += said
        if any(one["rule"] in ("not-reached", "out-of-order") for one in said):
            return found
        sight.page.keyboard.press("Tab")
    sight.page.evaluate("() => look.begin()")
    if stops > 1:
        sight.page.keyboard.press("Tab")
        sight.page.keyboard.press("Shift+Tab")
        found += sight.ask("step(0)")
    return found


def _without_scripts(sight: Sight) -> Said:
    return sight.ask("plain()", of=sight.plain)


# In this order, because a window takes long to change its size: wide, narrow, tall.
CHECKS: Sequence[Check] = (
    Check("axe", (), "as the rule says", _axe),
    Check("ibm", (), "as the rule says", _ibm, slow=True),
    Check("html-validate", ("4.1.2",), "as the rule says", _html),
    Check(
        "errors",
        ("3.3.1", "3.3.3"),
        "draw the page with problems through ui.page, which links each message to its control",
        _errors,
    ),
    Check(
        "error focus",
        ("2.4.3", "3.3.1", "4.1.3"),
        "keep data-module=govuk-error-summary and its script",
        _error_focus,
    ),
    Check(
        "frame",
        ("2.4.1", "3.2.3", "3.2.6"),
        "extend townhall/layout.html, which has the skip link, header, main, help and footer",
        _frame,
    ),
    Check(
        "nothing plays",
        ("1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.4.2", "2.2.2", "2.3.1"),
        "leave it out, or give it captions, a transcript and a way to stop it, and say so in docs",
        _plays,
    ),
    Check(
        "forced colours",
        ("1.4.11", "2.4.7"),
        "give it a border, and a (transparent) outline when it has the focus",
        _forced_colours,
    ),
    Check(
        "keyboard",
        ("2.1.1", "2.1.2", "2.4.3", "2.4.7", "2.4.11"),
        "use a native link or button in the order of the page, and keep the focus style",
        _keyboard,
    ),
    Check(
        "no javascript",
        ("4.1.2",),
        "draw it without the script, which may only add to a page that works",
        _without_scripts,
    ),
    Check(
        "target size",
        ("2.5.8",),
        "give it at least 24 by 24 px, or that much room on every side",
        _targets,
    ),
    Check(
        "reflow",
        ("1.4.10",),
        "let it wrap, or stack its parts in a narrow window",
        _reflow,
    ),
    Check(
        "text spacing",
        ("1.4.12",),
        "set no height in px on what holds words, and hide no overflow",
        _text_spacing,
    ),
    Check("text size", ("1.4.4",), "give sizes of words in rem and let them wrap", _text_size),
)


@cache
def by_name() -> dict[str, Check]:
    """Each check by its name."""
    return {one.name: one for one in CHECKS}
