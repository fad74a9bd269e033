"""Photographs every state of every page at three widths, for `make screenshots`."""

from __future__ import annotations

import html
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from playwright.sync_api import Browser, sync_playwright

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
    """Serve the demonstration, meet every state, and photograph those that differ in shape."""
    shutil.rmtree(OUT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with serving(data, "--services", *map(str, FOLDERS), DATABASE_URL="") as served:
            states = list(_different(_all(served.address, data)))
            _photograph(states, served.address)
    print(OUT / "index.html")


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


def _different(states: Iterable[State]) -> Iterator[State]:
    shapes = set()
    for state in states:
        if state.shape not in shapes:
            shapes.add(state.shape)
            yield state


def _photograph(states: list[State], address: str) -> None:
    path = os.environ.get("TOWNHALL_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=path, args=QUIET)
        for width in WIDTHS:
            _at(browser, width, states, address)
        browser.close()
    (OUT / "index.html").write_text(SHEET.format(rows="\n".join(_rows(states))))


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
