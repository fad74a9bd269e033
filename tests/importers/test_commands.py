"""The command: what it writes, what it says, and its exit code."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from tests.importers.made_forms import form, page, question
from townhall.engine.library import Library
from townhall.engine.load import load_service
from townhall.importers.commands import import_, import_arguments

FORM = form(page("/one", question("TextField", "a", title="Yes: # of bins, 0161")))


def run(*arguments: str | Path) -> int:
    parser = ArgumentParser()
    import_arguments(parser)
    return import_(parser.parse_args([str(one) for one in arguments]))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "first.json").write_text(json.dumps(FORM))
    (folder / "LICENCE").write_text("MIT License\n\nCopyright (c) 2020 A Council\n")
    return folder


def test_it_writes_a_service_that_loads(source: Path, tmp_path: Path) -> None:
    assert run(source / "first.json", "--to", tmp_path / "out") == 0
    loaded = load_service(tmp_path / "out" / "first.yaml", Library.shipped())
    assert loaded.definition is not None
    assert loaded.definition.pages[0].questions[0].ask == "Yes: # of bins, 0161"
    provenance = loaded.definition.source
    assert provenance is not None
    assert provenance.file == "first.json"
    assert provenance.licence == "MIT License"
    assert provenance.copyright == "Copyright (c) 2020 A Council"
    assert len(provenance.sha256 or "") == 64


def test_one_file_that_is_no_form_fails_the_whole(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (source / "other.yaml").write_text("a: b\n")
    assert run(source, "--to", tmp_path / "out", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["totals"] == {
        "clean": 1,
        "losses": 0,
        "faults": 0,
        "not recognised": 1,
        "not read": 0,
        "failed": 0,
    }
    assert [one["status"] for one in report["files"]] == ["clean", "not recognised"]


def test_losses_are_no_failure_and_are_said(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (source / "first.json").write_text(
        json.dumps(form(page("/one", question("HologramField", "h"))))
    )
    assert run(source, "--to", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert "loss: pages[0].components[0]" in said
    assert "1 losses (100%)" in said


def test_a_reviewed_service_is_never_written_over(source: Path, tmp_path: Path) -> None:
    assert run(source, "--to", tmp_path / "out") == 0
    assert run(source, "--to", tmp_path / "out") == 0
    written = tmp_path / "out" / "first.yaml"
    reviewed = written.read_text().replace("reviewed: false\n", "")
    written.write_text(reviewed)
    assert run(source, "--to", tmp_path / "out") == 1
    assert run(source, "--to", tmp_path / "out", "--overwrite") == 1
    assert written.read_text() == reviewed


def test_a_changed_import_is_written_over_only_when_asked(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(source, "--to", out) == 0
    written = out / "first.yaml"
    imported = written.read_text()
    written.write_text(changed := imported.replace("Yes: # of", "No: # of"))
    assert changed != imported
    (source / "second.json").write_text(json.dumps(FORM))
    capsys.readouterr()
    assert run(source, "--to", out) == 1
    assert f"`{written}` is there already" in capsys.readouterr().err
    assert [one.read_text() for one in out.iterdir()] == [changed]
    assert run(source, "--to", out, "--overwrite") == 0
    assert written.read_text() == imported
    assert (out / "second.yaml").exists()


def test_two_files_of_one_name_get_two_services(source: Path, tmp_path: Path) -> None:
    (source / "more").mkdir()
    (source / "more" / "first.json").write_text(json.dumps(FORM))
    assert run(source, "--to", tmp_path / "out") == 0
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "first-2.yaml",
        "first.yaml",
    ]


def test_a_file_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none.json", "--to", tmp_path / "out") == 1
    said = capsys.readouterr().out
    assert "cannot be read" in said
    assert "0 of 1 files recognised" in said
    assert "1 could not be read" in said
    assert run(tmp_path / "out", "--to", tmp_path / "out") == 1
