"""`make gallery`: photographs the pages of a service of each pattern for the handbook."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.support import gallery
from tests.support.serving import serving
from tests.support.walker import Walker

SIZE = {"width": 640, "height": 700}
SMALL = 0.6
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    """Write every picture and pages.json."""
    chromium = os.environ.get("TOWNHALL_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as tools:
        folder = Path(name)
        forms = gallery.make(folder)
        with serving(folder / "data", "--services", str(folder)) as served:
            browser = tools.chromium.launch(executable_path=chromium, args=QUIET)
            page = browser.new_page(viewport=SIZE, device_scale_factor=SMALL)
            for old in gallery.FOLDER.glob("*.png"):
                old.unlink()
            found = {}
            for pattern, form in forms.items():
                walker = Walker(served.address)
                found[pattern] = gallery.walked(
                    form, walker, lambda name, at=(pattern, walker): look(page, name, *at)
                )
            browser.close()
    words = json.dumps(found, indent=2, ensure_ascii=False)
    gallery.PAGES.write_text(f"{words}\n", encoding="utf-8")


def look(page, name, pattern, walker):
    """Photograph the page that the walker is on, as its browser would draw it."""
    cookies = [
        {"name": one.name, "value": one.value, "url": walker.address}
        for one in walker.client.cookies.jar
    ]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.goto(f"{walker.address}{walker.path}")
    image = f"{pattern}-{name}.png"
    page.screenshot(path=gallery.FOLDER / image)
    return {"page": name, "image": image, **gallery.shown(str(walker.page))}


if __name__ == "__main__":
    main()
