"""A UK postcode, in capitals with its space."""

import re
from typing import Any, ClassVar

from townhall.engine.kinds.base import Code, Context, NoSettings, Problem, QuestionLike
from townhall.engine.kinds.plain import LineKind

# The grammar of Royal Mail's Programmers' Guide to the Postcode Address File, with Girobank's
# GIR 0AA, the British overseas territories and BFPO numbers.
_OUTWARD = (
    "[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9][0-9]?|"
    "[A-PR-UWYZ][0-9][A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY]"
)
_POSTCODE = re.compile(rf"({_OUTWARD})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_TERRITORY = re.compile("(ASCN|STHL|TDCU|BBND|BIQQ|FIQQ|SIQQ|PCRN|TKCA)(1ZZ)|(GIR)(0AA)")
_BETWEEN = re.compile(r"[\s.\-]").sub
_FORCES = re.compile("(BFPO)(?:C/O)?([1-9][0-9]{0,3})")


def postcode(text: str) -> str | None:
    """The postcode in its one form ("SW1A 1AA"), or None if it is not a whole one."""
    bare = _BETWEEN("", text).upper()
    found = _POSTCODE.fullmatch(bare) or _TERRITORY.fullmatch(bare) or _FORCES.fullmatch(bare)
    if found is None:
        return None
    outward, inward = [piece for piece in found.groups() if piece]
    return f"{outward} {inward}"


class Postcode(LineKind[NoSettings]):
    """A whole postcode, typed in any case with or without its space."""

    name = "postcode"
    Settings = NoSettings
    personal: ClassVar[tuple[str, ...]] = ("contact",)
    limit = 40
    codes: ClassVar[frozenset[Code]] = frozenset(
        {Code.BAD_CHARACTER, Code.TOO_LONG, Code.NOT_A_POSTCODE}
    )

    def read(self, q: QuestionLike, text: str) -> str | list[Problem]:
        """The postcode in its one form."""
        return postcode(text) or [Problem(Code.NOT_A_POSTCODE, q.id)]

    def autocomplete(self, q: QuestionLike, part: str = "") -> str:
        """`postal-code`, where the question is about the person's own."""
        return "postal-code" if "your" in q.ask.lower().split() else ""

    def sample(self, q: QuestionLike, ctx: Context) -> str:
        """A postcode of the right form in an area (AA) that Royal Mail has not given out."""
        return "AA1 1AA"

    def json_schema(self, q: QuestionLike) -> dict[str, Any]:
        """Two groups and a space."""
        return {"type": "string", "pattern": "^[A-Z0-9]{2,4} [A-Z0-9]{1,4}$"}
