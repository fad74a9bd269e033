"""Every published form of the family in the corpus: imported, and on its source's routes."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup

from tests.importers.answering import random_answers
from tests.importers.named_forms import CORPUS, NamedForm
from tests.importers.test_same_routes import TODAY, pair
from townhall.importers.convert import Imported, convert
from townhall.importers.markup import blocks_of
from townhall.importers.prose import as_text, unmarked
from townhall.importers.reading import NotRecognised, read_plain
from townhall.importers.report import as_json

JOURNEYS = 4
MASK = "example.org/hook"
"""What stands in the corpus where a destination, a key or an address was taken out."""

UNLIKE_THEIR_SOURCE = frozenset(
    {
        # Nobody can finish these in the source; ours come to check answers, and the report says so.
        "defra-forms-engine-plugin/src~server~forms~components.json",
        "defra-forms-runner/src~server~forms~components.json",
        # Its conditions name sections, which DEFRA's engine does not keep; ours do as they say.
        "defra-forms-engine-plugin/test~form~definitions~test.json",
    }
)


@cache
def imported() -> dict[str, Imported]:
    found = {}
    for file in sorted(Path(CORPUS).rglob("*")):
        if file.suffix in (".json", ".yaml", ".yml"):
            name = file.relative_to(CORPUS).as_posix()
            text = file.read_text("utf-8", "replace")
            found[name] = convert(text, name, "a-form", {"from": "the corpus"})
    return found


def test_each_form_of_the_family_is_imported() -> None:
    """The family is every file with pages that have paths; the rest belong to other builders."""
    counts = Counter(one.status for one in imported().values())
    assert counts["failed"] == 0
    assert counts["clean"] + counts["losses"] + counts["faults"] >= 306


def test_the_known_breaks_are_reported() -> None:
    """Published graphs that point at pages which do not exist, each named by page and target."""
    missing = {
        name: [item.what for item in one.findings.of("fault") if "not in the form" in item.what]
        for name, one in imported().items()
    }
    broken = sorted(name.rpartition("~")[2] for name, faults in missing.items() if faults)
    assert "ReportAnOutbreak.json" in broken
    assert len(broken) == 8


def test_nothing_withheld_comes_through() -> None:
    for name, one in imported().items():
        assert MASK not in one.text, name
        assert MASK not in json.dumps(as_json([(one, "")])), name


def test_every_word_of_its_html_is_carried_or_listed() -> None:
    """What a browser's parser reads in each piece of HTML, scripts and styles aside."""
    pieces = {one for file in imported() for one in _html(_plain(file))}
    assert len(pieces) > 500
    for html in sorted(pieces):
        page = BeautifulSoup(html, "html5lib")
        for part in page(["script", "style"]):
            part.decompose()
        lost: list[str] = []
        blocks = blocks_of(html, lambda what, instead, lost=lost: lost.append(what))
        said = unmarked(f"{as_text(blocks)} {' '.join(lost)}")
        missing = [word for word in re.findall(r"\w+", page.get_text(" ")) if word not in said]
        assert not missing, html


def _plain(file: str) -> object:
    try:
        return read_plain((Path(CORPUS) / file).read_text("utf-8", "replace"))
    except NotRecognised:
        return None


def _html(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _html(one)
    elif isinstance(value, str) and re.search("<[a-zA-Z]", value):
        yield value


def test_each_runs_its_sources_routes() -> None:
    unlike = set()
    for name, one in imported().items():
        if one.text and not _same_routes(name):
            unlike.add(name)
    assert unlike == UNLIKE_THEIR_SOURCE


def _same_routes(name: str) -> bool:
    both = pair(NamedForm(name, _dialect(name)))
    dice = random.Random(name)
    answered = [random_answers(both.form, dice, TODAY) for _ in range(JOURNEYS)]
    return all(both.ours(one) == both.comparable(both.theirs(one)) for one in answered)


def _dialect(name: str) -> str:
    if name.startswith("defra"):
        head = (Path(CORPUS) / name).read_text("utf-8")
        return "defra2" if "engine: V2" in head or '"engine": "V2"' in head else "defra1"
    return "mhclg" if name.startswith("communitiesuk") else "xgov"
