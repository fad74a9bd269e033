"""What `townhall new` writes: a service to try as it stands, and what only the council can add."""

import re

import pytest
import yaml
from tests.proof.base import LIBRARY, TODAY
from tests.proof.test_commands import folder, run

from townhall.engine.library import Library
from townhall.engine.resolve import text_of
from townhall.engine.source import plain, read
from townhall.proof.check import prove
from townhall.proof.new import FILL_IN, Known, NoPattern, new_service

__all__ = ["folder"]

PATTERNS = ["report", "apply", "request", "tell-us", "feedback"]
ONLY_THE_COUNCIL_KNOWS = ["missing-owner", "missing-privacy", "no-delivery", "not-reviewed"]
KNOWN = Known(
    team="Trees",
    email="trees@elmbridge-vale.example",
    power="Highways Act 1980, section 154",
    destination="anything-inbox",
)
HOLDS_ALL = {"contact", "location", "identifier", "special"}


def library():
    """The demonstration council with a destination that may hold what any pattern asks."""
    inbox = next(iter(LIBRARY.council.destinations.values()))
    more = {"anything-inbox": inbox.model_copy(update={"classes": tuple(HOLDS_ALL)})}
    council = LIBRARY.council.model_copy(update={"destinations": more})
    return Library(LIBRARY.blocks, LIBRARY.patterns, LIBRARY.fees, council)


def made(pattern: str, slug: str = "fallen-tree", **known: str):
    return new_service(pattern, slug, LIBRARY, today=TODAY, known=Known(**known))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_lacks_only_what_the_council_knows_and_says_where(pattern):
    written = made(pattern)
    report = prove(written.text, LIBRARY, today=TODAY)
    assert report.errors == ()
    assert sorted(fault.code for fault in report.notes) == ONLY_THE_COUNCIL_KNOWS
    assert written.left == ("owner", "power", "deliver")
    assert written.text.count(FILL_IN) == 3
    assert len(report.runs) >= 2
    assert all(run.route.complete or run.example.exit or run.example.fails for run in report.runs)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_council_that_is_no_demonstration_is_stopped_by_each_of_them(pattern):
    council = LIBRARY.council.model_copy(update={"demonstration": False})
    real = Library(LIBRARY.blocks, LIBRARY.patterns, LIBRARY.fees, council)
    found = prove(made(pattern).text, real, today=TODAY).errors
    assert sorted(fault.code for fault in found) == ["missing-owner", "missing-privacy"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_known_is_filled_in_and_then_nothing_is_missing(pattern):
    written = new_service(pattern, "fallen-tree", library(), today=TODAY, known=KNOWN)
    assert written.left == ()
    assert FILL_IN not in written.text
    assert "#   team" not in written.text
    reviewed = written.text.replace("reviewed: false\n", "")
    assert prove(reviewed, library(), today=TODAY).faults == ()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_is_block_style_that_every_reader_of_yaml_reads_alike(pattern):
    text = made(pattern).text
    assert not re.search(r"[{}]|\[|<<|&\w|\*\w", text)
    ours = plain(read(text, "fallen-tree.yaml"))
    theirs = yaml.load(text, Loader=yaml.BaseLoader)
    assert ours == theirs
    assert all(len(line) <= 100 for line in text.splitlines())


def test_a_pattern_is_versioned_and_holds_no_key_that_nothing_reads():
    for (name, version), pattern in Library.shipped().patterns.items():
        keys = set(pattern.items) - {"pages"}
        wanted = {"townhall-pattern", "pattern", "version", "title", "about", "titled"}
        assert keys == wanted | {"defaults", "skeleton"}
        assert (text_of(pattern, "pattern"), text_of(pattern, "version")) == (name, str(version))
    assert sorted(name for name, _ in Library.shipped().patterns) == sorted(PATTERNS)


def test_words_that_yaml_would_take_for_something_else_are_quoted():
    hostile = {
        "title": 'Report: a #1 "tree" {{ x }}\nservice: other',
        "team": "no",
        "email": "trees@elmbridge-vale.example",
        "power": "1980",
    }
    found = plain(read(made("report", **hostile).text, "fallen-tree.yaml"))
    assert found["service"] == "fallen-tree"
    assert found["title"] == hostile["title"]
    assert found["owner"]["team"] == "no"
    assert found["privacy"]["power"] == "1980"


@pytest.mark.parametrize(
    ("pattern", "slug", "title"),
    [
        ("report", "graffiti", "Report graffiti"),
        ("report", "report-a-pothole", "Report a pothole"),
        ("tell-us", "tell-us-about-a-move", "Tell us about a move"),
        ("feedback", "libraries", "Give feedback about libraries"),
    ],
)
def test_the_title_comes_of_the_name(pattern, slug, title):
    assert f"\ntitle: {title}\n" in made(pattern, slug).text


def test_half_an_owner_is_still_to_fill_in():
    written = made("report", team="Trees")
    assert "#   team: Trees\n" in written.text
    assert written.left == ("owner", "power", "deliver")


def test_the_command_says_what_is_left_and_how_to_try_it(folder, capsys):
    assert run("new", "report@1", "graffiti", "--to", folder, "--power", "Highways Act 1980") == 0
    said = capsys.readouterr().out
    assert "FILL IN): owner, deliver." in said
    assert f"townhall serve --services {folder}" in said
    assert run("check", folder / "graffiti.yaml") == 0
    told = capsys.readouterr().err
    assert "Add `owner:` with the team" in told
    assert "`power:`" not in told


def test_a_pattern_of_the_council_needs_a_skeleton(folder):
    (folder / "patterns").mkdir()
    (folder / "patterns" / "ours@1.yaml").write_text("pattern: ours\nversion: 1\n")
    with pytest.raises(NoPattern, match="ours@1 has no skeleton"):
        new_service("ours", "a-thing", Library.shipped().with_folder(folder), today=TODAY)
