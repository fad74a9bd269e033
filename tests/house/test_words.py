"""What may stand nowhere in the repository, or nowhere in what a browser is sent."""

import re

import pytest

from tests.support.source import PACKAGE, ROOT, committed_files, name_of, python_files

# Written in halves, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "registry.yarn" + "pkg.com",
    "deb.debian" + ".org",
]
ELSEWHERE = ["/work/" + "main", "/work/" + "shared", "." + "library/"]
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
BUILT = PACKAGE / "ui" / "static" / "townhall"
LICENSED_TO_GOVUK = ["GDS Transport", "crown", "govuk-crest", "govuk-logotype", "M22.6 10.4c-1 .4"]


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("word", REGISTRIES + ELSEWHERE)
def test_no_file_names_a_registry_or_a_place_on_one_machine(word):
    assert [name_of(path) for path in committed_files() if word in text_of(path)] == []


def test_nothing_is_left_for_later_in_the_code():
    files = [path for path in committed_files() if path.suffix in {".py", ".js", ".scss", ".html"}]
    assert [name_of(path) for path in files if UNFINISHED.search(text_of(path))] == []


def test_the_lock_file_holds_no_address_to_fetch_from():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_built_assets_exist():
    assert sorted(path.suffix for path in BUILT.glob("townhall-*")) == [
        ".br", ".br", ".css", ".gz", ".gz", ".js",
    ]  # fmt: skip


@pytest.mark.parametrize("word", LICENSED_TO_GOVUK)
def test_no_asset_holds_what_is_licensed_to_govuk_alone(word):
    sent = [path for path in BUILT.iterdir() if path.suffix in {".css", ".js", ".svg", ".json"}]
    assert sent
    assert [path.name for path in sent if word.lower() in path.read_text().lower()] == []


def test_no_font_is_served():
    assert [p for p in BUILT.rglob("*") if p.suffix in {".woff", ".woff2", ".ttf", ".otf"}] == []
    assert "@font-face" not in next(BUILT.glob("townhall-*.css")).read_text()


def test_first_view_of_styles_and_script_is_light():
    """Design §5: a whole first view is at most 30 KB compressed; a page takes about 6 of them."""
    assert sum(path.stat().st_size for path in BUILT.glob("townhall-*.br")) <= 22_000


def test_no_module_is_named_for_a_drawer():
    drawers = {"utils", "helpers", "services", "common", "misc", "core", "base_utils"}
    stems = {name_of(path): path.stem for path in python_files(PACKAGE)}
    folders = {name_of(path): path.name for path in PACKAGE.rglob("*") if path.is_dir()}
    assert {where for where, name in (stems | folders).items() if name in drawers} == set()
