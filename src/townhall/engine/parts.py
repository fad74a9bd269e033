"""What every part of a definition shares: strict keys, and conditions as data."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from townhall.engine import conditions

CONDITION_MARK = "condition"
"""Marks a condition in pydantic's schema; schema.py puts the real one in its place."""


class Part(BaseModel):
    """The settings that every part of a definition shares: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _condition(raw: object) -> conditions.Condition:
    try:
        return conditions.parse(raw)
    except conditions.BadCondition as error:
        context = {"words": str(error), "remedy": error.remedy}
        raise PydanticCustomError("bad-condition", "{words}", context) from error


When = Annotated[
    Any,
    BeforeValidator(_condition),
    PlainSerializer(conditions.as_plain),
    WithJsonSchema({"$comment": CONDITION_MARK}),
]
