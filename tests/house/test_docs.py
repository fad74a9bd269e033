"""What the handbook and the README say is so."""

import re
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location

import pytest
import yaml

from tests.house.test_floors import floors
from tests.support.source import PACKAGE, ROOT, name_of, python_files
from townhall.engine.kinds import KINDS
from townhall.engine.library import Library
from townhall.project.cli import COMMANDS
from townhall.proof.check import prove

DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))
HEADINGS = ["Context", "Decision", "Consequences", "What would change our mind"]
# Made by Townhall itself for its own children, not for anyone to set.
INTERNAL = {
    *("TOWNHALL_PARENT", "TOWNHALL_HOST", "TOWNHALL_PORT", "TOWNHALL_CRASH_AT"),
    *("TOWNHALL_REHEARSAL", "TOWNHALL_STOPPING"),
}


def readme_definition():
    return re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.S)[1]


def test_the_readmes_service_is_one_that_check_finds_nothing_wrong_with(tmp_path):
    file = tmp_path / "tell-us-about-a-pothole.yaml"
    file.write_text(readme_definition())
    library = Library.shipped().with_folder(ROOT / "services")
    report = prove(file, library, today=date(2026, 12, 1))
    assert [str(fault) for fault in report.faults if fault.level == "error"] == []


def test_the_readme_says_that_nobody_has_endorsed_it_and_the_borough_is_invented():
    words = (ROOT / "README.md").read_text()
    assert "No council or government body has endorsed Townhall" in words
    assert yaml.safe_load((ROOT / "services" / "council.yaml").read_text())["short_name"] in words
    assert "is invented" in words


def test_the_first_screen_of_the_readme_has_the_two_commands():
    first = (ROOT / "README.md").read_text().splitlines()[:15]
    assert any("make serve" in line for line in first)
    assert any("make test" in line for line in first)


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_each_floor_is_on_the_plan(page):
    words = (ROOT / page).read_text()
    assert [app for app in floors() if app not in words] == []


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The pages that the handbook's build writes from the code, by name."""
    spec = spec_from_file_location("reference", DOCS / "reference.py")
    reference = module_from_spec(spec)
    spec.loader.exec_module(reference)
    folder = tmp_path_factory.mktemp("generated")
    reference.write_reference(folder)
    return {path.stem: path.read_text() for path in folder.glob("*.md")}


def test_each_sub_command_is_in_the_handbook(generated):
    missing = [
        one.name for one in COMMANDS if f"`townhall {one.name}`" not in generated["commands"]
    ]
    assert missing == []


def test_each_kind_of_question_is_in_the_handbook(generated):
    assert [name for name in KINDS if f"| {name} |" not in generated["kinds"]] == []


def test_every_page_that_is_written_from_code_is_shown(generated):
    pages = "".join(page.read_text() for page in DOCS.glob("*.md"))
    assert [name for name in generated if f"_generated/{name}.md" not in pages] == []


def test_each_setting_is_in_the_handbook():
    read = {
        name
        for path in python_files(PACKAGE)
        for name in re.findall(r"\"(TOWNHALL_[A-Z_]+)\"", path.read_text())
    }
    words = (DOCS / "running.md").read_text()
    assert {name for name in read - INTERNAL if f"`{name}`" not in words} == set()


def test_each_app_says_what_it_is():
    apps = [path.parent for path in PACKAGE.glob("*/apps.py") if path.parent.name != "project"]
    assert [name_of(app) for app in apps if not (app / "README.md").is_file()] == []


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_record_is_short_and_whole(record):
    text = record.read_text()
    assert len(text.splitlines()) <= 60
    assert re.findall(r"^## (.*)$", text, re.M) == HEADINGS


def test_decision_records_are_numbered_without_gaps():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_each_change_is_told_under_a_known_heading():
    files = [path.name for path in (ROOT / "changes").iterdir() if path.name != "README.md"]
    kinds = r"\d+\.(added|changed|fixed|security|upgrade)(\.\d+)?\.md"
    assert [name for name in files if not re.fullmatch(kinds, name)] == []


def test_each_make_target_says_what_it_does():
    text = (ROOT / "Makefile").read_text()
    phony = re.findall(r"^\.PHONY: (\S+)$", text, re.M)
    assert {"help", "setup", "serve", "test", "check", "bench", "soak", "docs"} <= set(phony)
    for name in phony:
        assert re.search(rf"^{name}:.*## \S", text, re.M), name
