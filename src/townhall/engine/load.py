"""From a definition's text to a definition, with every fault at its file and line."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, ValidationError

from townhall.engine import model, question, source
from townhall.engine.faults import Fault, InvalidDefinition, Path, Place
from townhall.engine.kinds import ALIASES, KINDS
from townhall.engine.kinds.meant import nearest
from townhall.engine.library import Library
from townhall.engine.model import Definition
from townhall.engine.resolve import Resolver, made_ids

MAX_FAULTS = 500
"""Faults of form told in one run: past that, a file is not a definition."""


@dataclass(frozen=True)
class Loaded:
    """What became of a file: a definition where it is well formed, and the faults where it is not.

    ``tree`` is the resolved tree, from which ``place`` finds the line of any value;
    ``made_ids`` holds (question id, words) of the options whose ids were made from their words.
    """

    file: str
    text: str
    definition: Definition | None
    faults: tuple[Fault, ...]
    tree: source.Node | None = None
    authored: source.Node | None = None
    made_ids: frozenset[tuple[str, str]] = frozenset()

    def place(self, *path: str | int) -> Place:
        """Give the file and line of the value at ``path`` of the resolved definition."""
        return source.place_of(self.tree, path) if self.tree else Place(self.file, 1, path)


def load_service(file: FilePath, library: Library) -> Loaded:
    """Read a definition from a file; an unreadable file is a fault, not an exception."""
    try:
        text = source.text_in(file)
    except InvalidDefinition as refused:
        return Loaded(str(file), "", None, refused.faults)
    return load_text(text, str(file), library, folder=file.parent)


def load_text(text: str, file: str, library: Library, *, folder: FilePath | None = None) -> Loaded:
    """Read a definition from text; ``file`` names it in faults."""
    try:
        authored = source.read(text, file)
    except InvalidDefinition as refused:
        return Loaded(file, text, None, refused.faults)
    if not isinstance(authored, source.Mapping):
        fault = Fault(
            "not-a-definition", "A definition begins with `townhall: 1`.", "", Place(file)
        )
        return Loaded(file, text, None, (fault,))
    resolver = Resolver(library, folder)
    tree = resolver.resolve(authored)
    definition, faults = _validate(tree)
    return Loaded(
        file,
        text,
        definition,
        tuple(resolver.faults) + faults,
        tree,
        authored,
        made_ids(tree),
    )


def canonical(definition: Definition) -> bytes:
    """Give the one spelling of a definition: JSON with sorted keys and defaults filled in."""
    whole = definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def version_of(stored: bytes) -> str:
    """Give the version of a canonical definition: the SHA-256 of its bytes, in hex."""
    return hashlib.sha256(stored).hexdigest()


def definition_from_json(stored: bytes) -> Definition:
    """Read a stored canonical definition; raises pydantic's ValidationError on anything else."""
    return Definition.model_validate(json.loads(stored))


def _validate(tree: source.Node) -> tuple[Definition | None, tuple[Fault, ...]]:
    try:
        return Definition.model_validate(source.plain(tree)), ()
    except ValidationError as error:
        first = [_Error.of(one) for one in _flat(error.errors(include_url=False)[:MAX_FAULTS])]
        lacking: dict[Path, list[str]] = {}
        for one in first:
            if one.raw["type"] == "missing" and one.path:
                lacking.setdefault(one.path[:-1], []).append(str(one.path[-1]))
        found = [_fault(one, tree, lacking.get(one.path[:-1], [])) for one in first]
        once = {(fault.code, fault.where): fault for fault in reversed(found)}
        return None, tuple(sorted(once.values(), key=lambda fault: fault.where.line))


_NOT_IN_TREE = re.compile(r"\[key\]$|constrained-str$|literal\[|function-")
"""Steps of pydantic's own: the member of a union that it tried, or the key of a mapping."""


@dataclass(frozen=True)
class _Error:
    """One of pydantic's errors, and the path of the author's tree that it is about."""

    raw: Mapping[str, Any]
    path: Path

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> _Error:
        """Leave out of its path what is not in the tree."""
        return cls(raw, tuple(step for step in raw["loc"] if not _NOT_IN_TREE.match(str(step))))


def _flat(errors: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give each error, and those of a kind's settings in the place of the one that holds them."""
    for error in errors:
        inner = error.get("ctx", {}).get("errors")
        if error["type"] == "bad-settings" and inner:
            yield from _flat({**one, "loc": (*error["loc"], *one["loc"])} for one in inner)
        else:
            yield error


def _fault(error: _Error, tree: source.Node, lacking: Collection[str]) -> Fault:
    """Put an error into words; ``lacking`` are the keys that are missing beside it."""
    path = error.path
    place = source.place_of(tree, path)
    if error.raw["type"] == "missing" and place.file != tree.file:
        return _left_to_the_author(path, tree)
    code, message, remedy = _words(error.raw, path, lacking)
    return Fault(code, message, remedy, place)


_OF_PRIVACY = ("purpose", "basis", "power", "consequence", "automated", "must_answer", "retain")


def _left_to_the_author(path: Path, tree: source.Node) -> Fault:
    """The pattern holds the rest of this part; what is missing is the author's to say."""
    top = str(path[0])
    part = tree.items.get(top) if isinstance(tree, source.Mapping) else None
    if top == "privacy" and isinstance(part, source.Mapping):
        # The author has no such part at all, so a key of it has nowhere to go.
        keys = [key for key in _OF_PRIVACY if key not in part.items]
        listed = " and ".join([", ".join(keys[:-1]), keys[-1]] if keys[1:] else keys)
        message, remedy = "`privacy` is missing.", f"Add `privacy:` with {listed}."
        return Fault("missing-key", message, remedy, Place(tree.file, tree.line, path[:1]))
    whole = ".".join(str(step) for step in path)
    remedy = f"Add `{path[-1]}:` here."
    return Fault("missing-key", f"`{whole}` is missing.", remedy, Place(tree.file, tree.line, path))


def _words(error: Mapping[str, Any], path: Path, lacking: Collection[str]) -> tuple[str, str, str]:
    """Put one of pydantic's errors into words: (code, message, remedy)."""
    kind, name = error["type"], str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        return _unknown_key(name, path, lacking)
    if kind == "missing":
        return "missing-key", f"`{name}` is missing.", f"Add `{name}:` here."
    if kind == "unknown-kind":
        typed = str(error["ctx"]["kind"])
        meant = nearest(typed, KINDS, ALIASES)
        hint = f"Did you mean `{meant}`? " if meant else ""
        return "unknown-kind", error["msg"], f"{hint}Kinds are: {', '.join(sorted(KINDS))}."
    if "-" in kind or kind in ("content", "option"):
        return kind, error["msg"], str(error.get("ctx", {}).get("remedy", ""))
    named = next((step for step in reversed(path) if isinstance(step, str)), "")
    return "bad-value", f"`{named}`: {_plainly(error)}", "Correct this value."


_SORTS = {
    "date_from_datetime_parsing": "a date, such as 2027-04-01",
    "date_parsing": "a date, such as 2027-04-01",
    "datetime_from_date_parsing": "a time, such as 2027-04-01 09:00",
    "datetime_parsing": "a time, such as 2027-04-01 09:00",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "decimal_parsing": "a number",
}
"""What pydantic looked for, in an author's words."""


def _plainly(error: Mapping[str, Any]) -> str:
    if error["type"] == "string_pattern_mismatch":
        return (
            f"{_shown(error['input'])} is not a name the language can use; "
            "use letters, digits and hyphens, beginning with a letter."
        )
    if error["type"] in ("string_type", "dict_type", "model_type", "tuple_type", "list_type"):
        words = {"string_type": "words", "tuple_type": "a list", "list_type": "a list"}
        return f"this should be {words.get(error['type'], 'a set of named values')}."
    if error["type"] in _SORTS:
        return f"{_shown(error['input'])} is not {_SORTS[error['type']]}."
    if error["type"] == "literal_error":
        return f"{_shown(error['input'])} is not one of {error['ctx']['expected']}."
    message: str = error["msg"].removeprefix("Value error, ")
    return f"{_shown(error['input'])}: {message[0].lower()}{message[1:]}."


def _shown(value: object) -> str:
    text = str(value)
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"


def _unknown_key(name: str, path: Path, lacking: Collection[str]) -> tuple[str, str, str]:
    known = sorted(_keys_at(path))
    meant = _meant(name, known, lacking)
    remedy = f"Did you mean `{meant}`?" if meant else f"Known here: {', '.join(known)}."
    return "unknown-key", f"`{name}` is not a key of the language here.", remedy


def _meant(name: str, known: Collection[str], lacking: Collection[str]) -> str | None:
    """Give the key that a slip stands for: letters in another order, or one that is missing here.

    A comparison of letters alone finds `aks` nearer to `as` than to `ask`.
    """
    swapped = [key for key in known if sorted(key) == sorted(name)]
    close = swapped or difflib.get_close_matches(name, lacking, 1, 0.6)
    close = close or difflib.get_close_matches(name, known, 1, 0.6)
    return close[0] if close else None


_NAMED: dict[str, type[BaseModel]] = {
    "pages": model.Page,
    "questions": question.Question,
    "options": question.Option,
}
_MODELS: dict[str, type[BaseModel]] = {
    **_NAMED,
    "content": model.Content,
    "start": model.Content,
    "fee": model.FeeLine,
    "payment": model.Payment,
    "deliver": model.Delivery,
    "rules": model.Rule,
    "next": model.Branch,
    "examples": model.Example,
    "sections": model.Section,
    "owner": model.Owner,
    "privacy": model.Privacy,
    "retain": model.Retain,
    "available": model.Available,
    "help": model.Help,
    "urgent": model.Urgent,
    "audience": model.Audience,
    "check": model.CheckAnswers,
    "confirmation": model.Confirmation,
    "acknowledge": model.Acknowledgement,
    "repeat": question.Repeat,
    "source": model.Source,
    "details": model.Details,
    "table": model.Table,
    "link": model.Link,
    "image": model.Image,
    "contact": model.Contact,
}


def _keys_at(path: Path) -> set[str]:
    """Give the keys that the language has where ``path`` ends."""
    holders = [str(step) for step in path[:-1] if isinstance(step, str)]
    holder = _MODELS.get(holders[-1], Definition) if holders else Definition
    keys = {field.alias or name for name, field in holder.model_fields.items()}
    if holder is question.Question:
        keys |= {key for kind in KINDS.values() for key in kind.Settings.model_fields}
        keys = (keys - {"settings"}) | {"list", "ask_again", "as"}
    return keys | ({"questions", "lists"} if holder is Definition else set())
