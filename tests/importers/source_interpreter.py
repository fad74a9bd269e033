"""A small interpreter of the source engines' routing, written from their code alone.

Rules, as read in XGovFormBuilder/digital-form-builder 03906200, ukhsa-collaboration ecb7a531 and
communitiesuk 3b48dddb (PageControllerBase.getNextPage, getConditionEvaluationContext; FormModel)
and in DEFRA/forms-engine-plugin a030548d (FormModel.getFormContext, getNextPath):

- the first link whose condition is truthy wins; else the last without one; else `/summary`;
- a condition is an expr-eval expression over the answers of the pages passed so far, by section; a
  throw makes it false; DEFRA's begins with null (or an empty list) for every question instead;
- a page without `next` shows no button, so it ends the way; a summary ends it with a submission;
- DEFRA V2 takes the next page of the file that has no condition or a true one.

One rule is ours, agreed for imports: a link to a missing page is a break in the way, where the
source silently passes over it.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CONTENT = (
    "Para",
    "Html",
    "Details",
    "InsetText",
    "Markdown",
    "List",
    "FlashCard",
    "ContentWithState",
)
MISSING = object()


class Thrown(Exception):
    """What JavaScript would throw inside an expression."""


@dataclass
class Walked:
    """The pages passed, and how the way ended: done, exit or broken."""

    pages: list[str] = field(default_factory=list)
    end: str = ""


class SourceEngine:
    """Runs one form; ``dialect`` is xgov, mhclg, defra1 or defra2."""

    @classmethod
    def read(cls, file: Path, dialect: str) -> SourceEngine:
        text = file.read_text("utf-8")
        return cls.of(json.loads(text) if file.suffix == ".json" else yaml.safe_load(text), dialect)

    @classmethod
    def of(cls, form: dict[str, Any], dialect: str) -> SourceEngine:
        return cls(form, dialect)

    def __init__(self, form: dict[str, Any], dialect: str) -> None:
        self.form = form
        self.dialect = dialect
        self.pages = {page["path"]: page for page in reversed(self.form["pages"])}
        self.conditions = {one.get("name") or one["id"]: one for one in self.form["conditions"]}
        self.parts = {part["id"]: part for part in self.components() if part.get("id")}
        self.items = {
            item["id"]: item["value"]
            for one in self.form["lists"]
            for item in one["items"]
            if "id" in item
        }

    def components(self) -> list[dict[str, Any]]:
        return [part for page in self.form["pages"] for part in page.get("components") or []]

    def walk(self, answers: dict[tuple[str, str], Any]) -> Walked:
        """Follow the answers, keyed by (section, name), from the start."""
        walked = Walked()
        state: dict[str, Any] = {} if self.dialect in ("xgov", "mhclg") else self._nulls()
        path: str | None = (
            self.form["pages"][0]["path"] if self.dialect == "defra2" else self.form["startPage"]
        )
        while path is not None:
            page = self.pages.get(path)
            if page is None:
                walked.end = "broken"
                return walked
            walked.pages.append(path)
            if _is_summary(page):
                walked.end = "done"
                return walked
            self._take(state, page, answers)
            if _is_terminal(page) or (self.dialect != "defra2" and not page.get("next")):
                walked.end = "broken" if _asks(page) else "exit"
                return walked
            path = self._after(page, state)
        walked.end = "done"
        return walked

    def _nulls(self) -> dict[str, Any]:
        asked = [part for part in self.components() if part["type"] not in CONTENT]
        return {part["name"]: [] if part["type"] == "CheckboxesField" else None for part in asked}

    def _take(
        self, state: dict[str, Any], page: dict[str, Any], answers: dict[tuple[str, str], Any]
    ) -> None:
        section = page.get("section") or ""
        holder = state
        if section and self.dialect in ("xgov", "mhclg"):
            holder = state.setdefault(section, {})
        for part in page.get("components") or []:
            if part["type"] in CONTENT or not part.get("name"):
                continue
            given = answers.get((section, part["name"]), answers.get(("", part["name"]), MISSING))
            blank = (
                []
                if part["type"] == "CheckboxesField" and self.dialect.startswith("defra")
                else None
            )
            holder[part["name"]] = blank if given is MISSING else given

    def _after(self, page: dict[str, Any], state: dict[str, Any]) -> str | None:
        if self.dialect == "defra2":
            return self._next_in_order(page, state)
        default = None
        for link in page["next"]:
            if link.get("condition"):
                if self._holds(link["condition"], state, page.get("section")):
                    return str(link.get("path") or link["redirect"])
            else:
                default = str(link["path"])
        return default or "/summary"

    def _next_in_order(self, page: dict[str, Any], state: dict[str, Any]) -> str | None:
        at = self.form["pages"].index(page)
        for later in self.form["pages"][at + 1 :]:
            if not later.get("condition") or self._holds(later["condition"], state, None):
                return str(later["path"])
        return None

    # Conditions

    def _holds(self, name: str, state: dict[str, Any], section: str | None) -> bool:
        if name not in self.conditions:
            return False
        if self._truthy(name, state):
            return True
        if self.dialect == "mhclg" and section:
            return self._truthy(name, state.get(section, {}))
        return False

    def _truthy(self, name: str, state: dict[str, Any]) -> bool:
        condition = self.conditions[name]
        try:
            if "items" in condition:
                return self._items(condition, state)
            value = condition["value"]
            expression = value if isinstance(value, str) else _expression(value["conditions"])
            return bool(_Evaluator(expression, state, self).run())
        except Thrown:
            return False

    def _items(self, condition: dict[str, Any], state: dict[str, Any]) -> bool:
        outcomes = [self._item(item, state) for item in condition["items"]]
        return any(outcomes) if condition.get("coordinator") == "or" else all(outcomes)

    def _item(self, item: dict[str, Any], state: dict[str, Any]) -> bool:
        if "conditionId" in item:
            return self._truthy(item["conditionId"], state)
        answer = state[self.parts[item["componentId"]]["name"]]
        wanted = (
            self.items[item["value"]["itemId"]] if item["type"] == "ListItemRef" else item["value"]
        )
        found = wanted in answer if "contain" in item["operator"] else answer == wanted
        return not found if "not" in item["operator"].split() else found


def _is_summary(page: dict[str, Any]) -> bool:
    controller = str(page.get("controller") or "")
    named = ("SummaryPageController", "CustomSummaryPageController")
    return bool(re.search(r"(summary|confirm)\.[jt]s$", controller)) or controller in named


def _asks(page: dict[str, Any]) -> bool:
    return any(part["type"] not in CONTENT for part in page.get("components") or [])


def _is_terminal(page: dict[str, Any]) -> bool:
    return page.get("controller") == "TerminalPageController"


def _expression(conditions: list[dict[str, Any]]) -> str:
    """Write structured conditions as the source's model does, `and` bound closer than `or`."""
    groups: list[list[str]] = [[]]
    for one in conditions:
        if one.get("coordinator") == "or":
            groups.append([])
        groups[-1].append(_one(one))
    return " or ".join("(" + " and ".join(group) + ")" for group in groups)


def _one(one: dict[str, Any]) -> str:
    if "conditions" in one:
        return "(" + _expression(one["conditions"]) + ")"
    if "conditionName" in one:
        return str(one["conditionName"])
    name, kind, value = one["field"]["name"], one["field"]["type"], one["value"]["value"]
    shown = value if kind in ("NumberField", "YesNoField") else f"'{value}'"
    operator = one["operator"]
    if operator in ("contains", "does not contain"):
        inside = f"{shown} in {name}"
        return inside if operator == "contains" else f"not ({inside})"
    signs = {
        "is": "==",
        "is not": "!=",
        "is more than": ">",
        "is less than": "<",
        "is at least": ">=",
    }
    return f"{name} {signs[operator]} {shown}"


_TOKENS = re.compile(r"\s*('[^']*'|\d+(?:\.\d+)?|[A-Za-z_][\w.]*|==|!=|>=|<=|[()<>])")


class _Evaluator:
    """Evaluates while it reads; a side that is not looked at is read and not evaluated."""

    def __init__(self, expression: str, state: dict[str, Any], engine: SourceEngine) -> None:
        self.tokens = _TOKENS.findall(expression)
        self.state, self.engine, self.at = state, engine, 0

    def run(self) -> Any:
        value = self._or(looked_at=True)
        assert self.at == len(self.tokens), self.tokens
        return value

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        self.at += 1
        return str(self.tokens[self.at - 1])

    def _or(self, *, looked_at: bool) -> Any:
        value = self._and(looked_at=looked_at)
        while self._peek() == "or":
            self._next()
            right = self._and(looked_at=looked_at and not value)
            value = bool(value) or bool(right)
        return value

    def _and(self, *, looked_at: bool) -> Any:
        value = self._compared(looked_at=looked_at)
        while self._peek() == "and":
            self._next()
            right = self._compared(looked_at=looked_at and bool(value))
            value = bool(value) and bool(right)
        return value

    def _compared(self, *, looked_at: bool) -> Any:
        left = self._value(looked_at=looked_at)
        sign = self._peek()
        if sign not in ("==", "!=", ">", "<", ">=", "<=", "in"):
            return left
        self._next()
        right = self._value(looked_at=looked_at)
        return _compare(sign, left, right) if looked_at else None

    def _value(self, *, looked_at: bool) -> Any:
        token = self._next()
        if token == "(":
            value = self._or(looked_at=looked_at)
            assert self._next() == ")"
            return value
        if token == "not":
            value = self._value(looked_at=looked_at)
            return not value if looked_at else None
        if token.startswith("'"):
            return token[1:-1]
        if token[0].isdigit():
            return float(token)
        if token in ("true", "false"):
            return token == "true"
        return self._variable(token) if looked_at else None

    def _variable(self, name: str) -> Any:
        first, *members = name.split(".")
        if not members and first in self.engine.conditions:
            return self.engine._truthy(first, self.state)
        value = self.state.get(first, MISSING)
        if value is MISSING:
            raise Thrown(name)
        for member in members:
            if not isinstance(value, dict):
                raise Thrown(name)
            value = value.get(member, MISSING)
        return value


def _compare(sign: str, left: Any, right: Any) -> bool:
    if sign == "in":
        if not isinstance(right, list):
            raise Thrown("length of nothing")
        return left in right
    if sign in ("==", "!="):
        same = type(left) is type(right) and left == right
        return same == (sign == "==")
    one, two = _to_number(left), _to_number(right)
    return {">": one > two, "<": one < two, ">=": one >= two, "<=": one <= two}[sign]


def _to_number(value: Any) -> float:
    if value is MISSING:
        return math.nan
    if value is None:
        return 0.0
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
