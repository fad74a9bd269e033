"""Writes the pages of the handbook that follow from the code, so they cannot be out of date."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from townhall.engine.kinds import KINDS
from townhall.engine.library import NOT_SERVICES, Library
from townhall.engine.load import load_service
from townhall.engine.problems import Code
from townhall.engine.resolve import text_of
from townhall.engine.schema import language_schema
from townhall.project.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ROOT / "services"
GALLERY = ROOT / "docs" / "gallery"
PATTERNS = ROOT / "src" / "townhall" / "engine" / "library" / "patterns"
CRITERIA = ROOT / "docs" / "accessibility.toml"


def write_reference(folder: Path) -> None:
    """Write every generated page into `folder`."""
    folder.mkdir(exist_ok=True)
    pages = {
        "commands": commands(),
        "keys": keys(language_schema()),
        "kinds": kinds(),
        "codes": codes(),
        "services": services(),
        "patterns": patterns(),
        "acceptance": acceptance(),
        "criteria": criteria(tomllib.loads(CRITERIA.read_text(encoding="utf-8"))),
    }
    for name, lines in pages.items():
        (folder / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def commands() -> Iterable[str]:
    """A table of the sub-commands."""
    yield "| sub-command | what it does |"
    yield "| --- | --- |"
    for command in COMMANDS:
        yield f"| `townhall {command.name}` | {command.summary} |"


def keys(schema: Mapping[str, Any]) -> Iterable[str]:
    """A table of keys for the definition and for each part of it."""
    yield "### A service"
    yield ""
    yield from _table(schema)
    for name, part in sorted(schema["$defs"].items()):
        if part.get("properties"):
            yield ""
            yield f"### {name}"
            yield ""
            if words := part.get("description"):
                yield " ".join(words.split("\n\n")[0].split())
                yield ""
            yield from _table(part)


def kinds() -> Iterable[str]:
    """Each kind of question, with the keys that only it has."""
    yield "| `type` | what it asks for | its own keys |"
    yield "| --- | --- | --- |"
    for name, kind in sorted(KINDS.items()):
        own = kind.Settings.model_json_schema(by_alias=True).get("properties", {})
        words = (type(kind).__doc__ or "").split("\n")[0]
        yield f"| {name} | {_cell(words)} | {', '.join(f'`{key}`' for key in own)} |"


def codes() -> Iterable[str]:
    """The stable codes of what can be wrong with an answer."""
    for code in Code:
        yield f"- `{code}`"


def services() -> Iterable[str]:
    """Each service of the repository: its pattern, its length, and what its file says it shows."""
    yield "| service | pattern | lines | what it shows |"
    yield "| --- | --- | --- | --- |"
    shelf = Library.shipped().with_folder(SERVICES)
    for file in sorted(SERVICES.glob("*.yaml")):
        if file.name in NOT_SERVICES:
            continue
        text, made = file.read_text(encoding="utf-8"), load_service(file, shelf).definition
        shows = _cell(text.split("\n")[0].removeprefix("# "))
        name = f"{made.title}, `/{made.service}`"
        yield f"| {name} | `{made.pattern}` | {len(text.splitlines())} | {shows} |"


def patterns() -> Iterable[str]:
    """Each pattern: what it is for, what it fills in, its pages as they are, and its skeleton."""
    shelf, shown = Library.shipped(), json.loads((GALLERY / "pages.json").read_text("utf-8"))
    for name, pages in shown.items():
        pattern = shelf.pattern(name)
        skeleton = text_of(pattern, "skeleton") or ""
        first = next(iter(pages))
        yield f"### `{name}`: {text_of(pattern, 'title')}"
        yield ""
        yield f"{text_of(pattern, 'about')} Here it is “{first['heading']}”, page by page:"
        yield ""
        for page in pages:
            words = page["heading"].replace("[", "").replace("]", "")
            yield f"![The page “{words}”](gallery/{page['image']}){{width=235px}}"
        yield ""
        length = len(skeleton.splitlines())
        yield from _opening(f"What `townhall new {name}` writes, {length} lines", skeleton)
        file = next(PATTERNS.glob(f"{name}@*.yaml")).read_text("utf-8")
        own = file.partition("# What `townhall new` writes")[0]
        yield from _opening("What the pattern fills in wherever the service is silent", own)


def acceptance() -> Iterable[str]:
    """Each line that Townhall is held to, with the tests that hold it."""
    held = tomllib.loads((ROOT / "docs" / "acceptance.toml").read_text("utf-8"))
    for section in held["section"]:
        yield f"## {section['title']}"
        yield ""
        yield "| line | tests |"
        yield "| --- | --- |"
        for line in section["line"]:
            said = line["says"] + (f" *{line['note']}*" if "note" in line else "")
            tests = [_node(node) for node in line["tests"]]
            codes = [f"the wrong turn `{code}` of `check`" for code in line.get("codes", ())]
            yield f"| {_cell(said)} | {'<br>'.join([*tests, *codes])} |"
        yield ""


def _node(node: str) -> str:
    """A test by its file and its name, which the cell may part."""
    file, _, name = node.removeprefix("tests/").partition("::")
    return f"`{file}` `{name}`"


def _opening(summary: str, code: str) -> Iterable[str]:
    """Code under words that open it."""
    said = summary.replace("`", "")
    yield from ("<details>", f"<summary>{said}</summary>", "", "```yaml")
    yield code.rstrip("\n")
    yield from ("```", "", "</details>", "")


def criteria(table: Mapping[str, Any]) -> Iterable[str]:
    """Each criterion of WCAG with its method, then what a person does for each procedure."""
    procedures = table["procedure"]
    yield "| criterion | level | method | by which check | by hand | note |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in table["criterion"]:
        checks = ", ".join(_check(name) for name in one["checks"])
        hand = ", ".join(procedures[name]["title"].lower() for name in one["by_hand"])
        name = f"{one['number']} {one['name']}"
        method = METHODS[one["method"]]
        yield f"| {name} | {one['level']} | {method} | {checks} | {hand} | {one.get('note', '')} |"
    yield ""
    yield "## By hand"
    for procedure in procedures.values():
        yield ""
        yield f"### {procedure['title']}"
        yield ""
        yield procedure["how"]


METHODS = {
    "automatic": "automatic",
    "both": "automatic in part, and by hand",
    "by hand": "by hand",
    "not applicable": "does not apply",
}


def _check(name: str) -> str:
    file, _, function = name.partition("::")
    words = function.removeprefix("test_").replace("_", " ")
    return f"{words} (`{file}`)" if function else name


def _table(part: Mapping[str, Any]) -> Iterable[str]:
    needed = set(part.get("required", ()))
    yield "| key | holds | needed |"
    yield "| --- | --- | --- |"
    for key, value in part["properties"].items():
        yield f"| `{key}` | {_cell(_kind(value))} | {'yes' if key in needed else ''} |"


def _kind(value: Mapping[str, Any]) -> str:
    if reference := value.get("$ref"):
        return str(reference).rsplit("/", 1)[-1]
    if choices := value.get("enum"):
        return "one of " + ", ".join(f"`{choice}`" for choice in choices)
    if "const" in value:
        return f"`{value['const']}`"
    if several := value.get("anyOf"):
        kinds = [_kind(one) for one in several if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if value.get("type") == "array":
        return f"a list: {_kind(value.get('items', {}))}"
    return {"string": "words", "object": "a mapping", "boolean": "true or false"}.get(
        str(value.get("type")), str(value.get("type", "anything"))
    )


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
