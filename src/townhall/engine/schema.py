"""The language as JSON Schema (2020-12), which editors complete against."""

from __future__ import annotations

from typing import Any

from townhall.engine.conditions import OPERATORS
from townhall.engine.kinds import ALIASES, KINDS
from townhall.engine.model import PAYMENTS, Definition
from townhall.engine.parts import CONDITION_MARK

MAY_COME_FROM_A_PATTERN = ("Privacy", "Retain", "Confirmation")
SCHEMA_ID = "https://townhall.example/schema/definition-1.json"


def language_schema() -> dict[str, Any]:
    """Give the JSON Schema of an author's file: `use`, `ask_again` and lists included."""
    schema = Definition.model_json_schema(by_alias=True, mode="validation")
    schema = _with_conditions(schema)
    defs = schema["$defs"]
    defs["Condition"] = _condition()
    defs["Question"] = _question(defs["Question"], defs)
    defs["Use"] = _use()
    defs["AskAgain"] = _ask_again()
    defs["Lists"] = _lists()
    _allow(defs["Page"]["properties"]["questions"], "items", "Question", "AskAgain")
    _allow(schema["properties"]["pages"], "items", "Page", "Use")
    _shorthands(schema, defs)
    for name in MAY_COME_FROM_A_PATTERN:
        defs[name].pop("required", None)
    schema["properties"]["lists"] = {"$ref": "#/$defs/Lists"}
    schema["properties"]["questions"] = {"type": "array", "items": {"$ref": "#/$defs/Question"}}
    schema["required"] = ["townhall", "service", "title"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **schema,
        "title": "Townhall service definition, version 1",
    }


def _with_conditions(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_conditions(one) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("$comment") == CONDITION_MARK:
        return {"$ref": "#/$defs/Condition"}
    return {key: _with_conditions(value) for key, value in node.items()}


def _condition() -> dict[str, Any]:
    operand = {"anyOf": [{"type": ["string", "number", "boolean"]}, {"type": "array"}]}
    tests = {"type": "object", "properties": dict.fromkeys(OPERATORS, operand)}
    several = {"type": "array", "items": {"$ref": "#/$defs/Condition"}, "minItems": 1}
    return {
        "description": "The name of a condition, or what an earlier answer must be.",
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "minProperties": 1,
                "properties": {
                    "all": several,
                    "any": several,
                    "not": {"$ref": "#/$defs/Condition"},
                },
                "additionalProperties": {
                    "anyOf": [operand, {**tests, "additionalProperties": False}]
                },
            },
        ],
    }


def _question(common: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """Each kind adds its own keys, and to ``defs`` what they refer to; `type` says which count."""
    properties = {key: value for key, value in common["properties"].items() if key != "settings"}
    properties["list"] = {"type": "string", "description": "The name of a list."}
    properties["type"] = {"enum": sorted([*KINDS, *ALIASES])}
    for name, kind in sorted(KINDS.items()):
        own = kind.Settings.model_json_schema(by_alias=True)
        defs.update(own.get("$defs", {}))
        for key, value in own.get("properties", {}).items():
            properties.setdefault(key, {"title": key, "description": f"For {name}.", **value})
    return {**common, "properties": properties, "required": ["id", "ask", "type"]}


def _use() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "A shared block of pages, at a version.",
        "properties": {
            "use": {"type": "string", "pattern": "^[a-z0-9-]+(@[1-9][0-9]*)?$"},
            "when": {"$ref": "#/$defs/Condition"},
            "repeat": {"$ref": "#/$defs/Repeat"},
            "section": {"type": "string"},
        },
        "required": ["use"],
        "additionalProperties": False,
    }


def _ask_again() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "A question declared once under `questions:`, placed here.",
        "properties": {
            "ask_again": {"type": "string"},
            "as": {"type": "string"},
            "when": {"$ref": "#/$defs/Condition"},
            "required": {"type": "boolean"},
        },
        "required": ["ask_again"],
        "additionalProperties": False,
    }


def _lists() -> dict[str, Any]:
    inline = {"type": "array", "items": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Option"}]}}
    beside = {
        "type": "object",
        "properties": {"csv": {"type": "string"}},
        "required": ["csv"],
        "additionalProperties": False,
    }
    return {"type": "object", "additionalProperties": {"anyOf": [inline, beside]}}


def _shorthands(schema: dict[str, Any], defs: dict[str, Any]) -> None:
    """Let editors accept a bare string for an option, content, a payment and where to go next."""
    asked = defs["Question"]["properties"]
    asked["options"]["items"] = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Option"}]}
    asked["personal"] = {"anyOf": [asked["personal"]["items"], asked["personal"]]}
    for holder in (schema["properties"]["start"], defs["Page"]["properties"]["content"]):
        holder["items"] = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Content"}]}
    paid = schema["properties"]["payment"]
    paid["anyOf"] = [{"enum": list(PAYMENTS)}, *paid["anyOf"]]
    branches = dict(defs["Page"]["properties"]["next"])
    defs["Page"]["properties"]["next"] = {"anyOf": [{"type": "string"}, branches]}


def _allow(holder: dict[str, Any], key: str, *names: str) -> None:
    holder[key] = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in names]}
