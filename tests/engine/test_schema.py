"""The JSON Schema, the shipped library and the handbook agree with the loader."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from townhall.engine.faults import InvalidDefinition
from townhall.engine.form import compile_form
from townhall.engine.kinds import KINDS
from townhall.engine.library import SHIPPED, Library, read_council
from townhall.engine.load import load_text
from townhall.engine.schema import language_schema

ROOT = Path(__file__).parents[2]
SERVICES = sorted(
    file
    for file in (ROOT / "services").glob("*.yaml")
    if file.name not in ("council.yaml", "fees.yaml")
)
SCHEMA = jsonschema.Draft202012Validator(language_schema())


def as_an_editor_reads(text: str) -> Any:
    """YAML 1.2 with its own types, dates as text: what an editor's language server checks."""
    return json.loads(json.dumps(YAML(typ="safe").load(text), default=str))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(language_schema())


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
def test_an_editor_finds_no_fault_in_a_shipped_service(file: Path) -> None:
    faults = list(SCHEMA.iter_errors(as_an_editor_reads(file.read_text("utf-8"))))
    assert [f"{list(fault.path)}: {fault.message[:200]}" for fault in faults] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"townhall": 1, "service": "a", "title": "A", "pagess": []},
        {
            "townhall": 1,
            "service": "a",
            "title": "A",
            "pages": [{"page": "x", "when": {"all": []}}],
        },
        {"townhall": 1, "service": "A b", "title": "A"},
        {"townhall": 1, "title": "A"},
    ],
)
def test_an_editor_finds_the_fault(wrong: dict[str, Any]) -> None:
    assert list(SCHEMA.iter_errors(wrong))


def test_every_kind_is_in_the_schema() -> None:
    types = language_schema()["$defs"]["Question"]["properties"]["type"]["enum"]
    assert set(KINDS) <= set(types)


def definitions_in_the_handbook() -> list[Any]:
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [
        pytest.param(found[1], id=f"{file.name}-{number}")
        for file in files
        for number, found in enumerate(
            re.finditer(r"```yaml\n(townhall: 1\n.*?)```", file.read_text("utf-8"), re.DOTALL)
        )
    ]


@pytest.mark.parametrize("text", definitions_in_the_handbook())
def test_every_definition_in_the_handbook_loads(text: str) -> None:
    loaded = load_text(text, "handbook.yaml", Library.shipped())
    assert [str(fault) for fault in loaded.faults] == []
    assert loaded.definition is not None
    compile_form(loaded.definition)


def test_the_library_has_its_versions() -> None:
    library = Library.shipped()
    assert library.block("about-you") is library.block("about-you@1")
    assert library.block("about-you@99") is None
    assert library.pattern("not a name") is None
    assert {name for name, _ in library.patterns} >= {"report", "apply", "request", "tell-us"}
    assert (SHIPPED / "blocks").is_dir()


def test_a_wrong_council_file_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "council.yaml"
    file.write_text("name: A\ncontroller:\n  name: A\ntheme:\n  brand: blue\n")
    with pytest.raises(InvalidDefinition) as caught:
        read_council(file)
    lines = {fault.where.line for fault in caught.value.faults}
    assert 5 in lines


@pytest.mark.parametrize(
    ("kind", "given", "needs"),
    [("email", "url: x", "address"), ("webhook", "address: x", "url"),
     ("notify", "address: x", "template")],
)  # fmt: skip
def test_a_destination_without_a_place_is_refused(
    tmp_path: Path, kind: str, given: str, needs: str
) -> None:
    rest = f"kind: {kind}, {given}, recipient: A, purpose: To act"
    file = tmp_path / "council.yaml"
    file.write_text(f"destinations:\n  inbox: {{{rest}}}\n")
    with pytest.raises(InvalidDefinition) as caught:
        read_council(file)
    words = f"A destination of kind {kind} needs {needs}"
    assert [fault.where.line for fault in caught.value.faults if words in fault.message] == [2]


def test_a_block_without_a_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "a.yaml").write_text("pages: []\n")
    with pytest.raises(InvalidDefinition, match="not a block"):
        Library().with_folder(tmp_path)
