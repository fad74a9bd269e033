"""Photographs every state of every page at three widths, for `make screenshots`."""

from __future__ import annotations

import html
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from playwright.sync_api import Browser, ViewportSize, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.project.settings")
# What draws the pages of faults can be imported only when Django is ready.
django.setup()

from tests.support.accessibility.evidence import ROOT  # noqa: E402
from tests.support.accessibility.inspector import QUIET, show  # noqa: E402
from tests.support.accessibility.services import service_states  # noqa: E402
from tests.support.accessibility.site import site_states  # noqa: E402
from tests.support.accessibility.states import State  # noqa: E402
from tests.support.lapsing import forget_two_hours  # noqa: E402
from tests.support.serving import serving  # noqa: E402
from townhall.engine.library import NOT_SERVICES, Library  # noqa: E402
from townhall.engine.load import load_service  # noqa: E402

WIDTHS = (320, 768, 1280)
OUT = ROOT / "build" / "screenshots"
FOLDERS = (ROOT / "services", ROOT / "tests" / "browser" / "services")
# What the README shows: a state, the window, and the picture's name. `--readme` takes these alone.
README = ROOT / "docs" / "pictures"
SHOWN = (
    ("abandoned-vehicle", "start", (1280, 800), "start"),
    ("missed-bin", "which-bins sent empty", (320, 640), "error"),
    ("library-volunteering", "roles with 2", (320, 640), "list"),
    ("additional-bin", "confirmation", (320, 640), "confirmation"),
)
SHEET = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Page states</title>
<style>
body {{ font-family: sans-serif; margin: 20px }}
figure {{ display: inline-block; vertical-align: top; margin: 0 20px 20px 0 }}
img {{ border: 1px solid #999; max-height: 480px }}
</style></head><body><h1>Page states</h1>
{rows}
</body></html>
"""


def main() -> None:
    """Serve the demonstration, meet every state, and photograph each."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with serving(data, "--services", *map(str, FOLDERS), DATABASE_URL="") as served:
            states = list(_all(served.address, data))
            with sync_playwright() as tools:
                path = os.environ.get("TOWNHALL_CHROMIUM") or shutil.which("chromium")
                browser = tools.chromium.launch(executable_path=path, args=QUIET)
                if "--readme" in sys.argv:
                    _for_the_readme(browser, states, served.address)
                else:
                    _photograph(browser, states, served.address)
                browser.close()


def _for_the_readme(browser: Browser, states: list[State], address: str) -> None:
    README.mkdir(exist_ok=True)
    for service, name, (width, height), picture in SHOWN:
        state = next(one for one in states if (one.service, one.name) == (service, name))
        size: ViewportSize = {"width": width, "height": height}
        # A telephone's own pixels are finer.
        context = browser.new_context(
            viewport=size, locale="en-GB", device_scale_factor=2 if width < 400 else 1
        )
        page = context.new_page()
        show(page, state, address)
        page.screenshot(path=README / f"{picture}.png")
        context.close()
    print(README)


def _all(address: str, data: Path) -> Iterator[State]:
    library = Library.shipped().with_folder(FOLDERS[0])
    for folder in FOLDERS:
        for file in sorted(folder.glob("*.yaml")):
            if file.name in NOT_SERVICES:
                continue
            definition = load_service(file, library).definition
            assert definition is not None, file
            today = datetime.now(UTC).date()
            yield from service_states(
                address, definition, today=today, lapse=lambda: forget_two_hours(data)
            )
    yield from site_states(address, "missed-bin")


def _photograph(browser: Browser, states: list[State], address: str) -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    for width in WIDTHS:
        _at(browser, width, states, address)
    (OUT / "index.html").write_text(SHEET.format(rows="\n".join(_rows(states))))
    print(OUT / "index.html")


def _at(browser: Browser, width: int, states: list[State], address: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB")
    page = context.new_page()
    for state in states:
        file = OUT / state.service / f"{state.slug}-{width}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        show(page, state, address)
        page.screenshot(path=file, full_page=True)
    context.close()


def _rows(states: list[State]) -> Iterator[str]:
    service = ""
    for state in states:
        if state.service != service:
            service = state.service
            yield f"<h2>{html.escape(service)}</h2>"
        yield f"<h3>{html.escape(state.name)}</h3>"
        for width in WIDTHS:
            file = f"{state.service}/{state.slug}-{width}.png"
            words = html.escape(f"{state.name} at {width} px")
            yield f'<figure><img loading="lazy" src="{file}" alt="{words}"></figure>'


if __name__ == "__main__":
    main()
