"""Writes the pages of the handbook that follow from the code, so they cannot be out of date."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from townhall.engine.kinds import KINDS
from townhall.engine.problems import Code
from townhall.engine.schema import language_schema
from townhall.project.cli import COMMANDS


def write_reference(folder: Path) -> None:
    """Write every generated page into `folder`."""
    folder.mkdir(exist_ok=True)
    pages = {
        "commands": commands(),
        "keys": keys(language_schema()),
        "kinds": kinds(),
        "codes": codes(),
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
