"""How an import is written: block style, and quotation marks where a reader could go wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.importers.made_forms import form, page, question
from tests.importers.test_commands import run
from tests.support.yaml_style import in_brackets
from townhall.engine.source import plain, read

RISKY = ["Yes", "no", "0161", "1.10", "null", "2026-12-01", "Which pest, if any: rat or mouse?"]
RISKY += ["(size, colour)", "# of bins", "{{ x }}", "a: b", "- one", "'quoted'", "*star", "&and"]


@pytest.mark.parametrize("words", RISKY)
def test_an_import_is_block_style_that_every_reader_of_yaml_reads_alike(
    words: str, tmp_path: Path
) -> None:
    source = form(page("/one", question("TextField", "a", title=words)))
    (tmp_path / "one.json").write_text(json.dumps(source))
    assert run(tmp_path / "one.json", "--to", tmp_path / "out") == 0
    text = (tmp_path / "out" / "one.yaml").read_text("utf-8")
    assert list(in_brackets(text)) == []
    ours = plain(read(text, "one.yaml"))
    assert ours == yaml.load(text, Loader=yaml.BaseLoader)
    asked = yaml.safe_load(text)["pages"][0]["questions"][0]["ask"]
    assert asked == ("…" if "{{" in words else words)
