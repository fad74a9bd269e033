"""Where built assets live: `static("townhall/townhall.css")` gives the lasting, hashed address."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles.storage import StaticFilesStorage

BUILT = Path(__file__).parent / "static"
MANIFEST = BUILT / "townhall" / "manifest.json"


class BuiltAssets(StaticFilesStorage):
    """Storage over what the asset build wrote; the names in pages stay the same between builds."""

    def __init__(self) -> None:
        super().__init__(location=BUILT)

    def url(self, name: str | None) -> str:
        """The address of a built file by its plain name, such as `townhall/townhall.css`."""
        return super().url(built_names().get(name or "", name or ""))


@cache
def built_names() -> dict[str, str]:
    """Plain name to hashed name; empty where the assets were never built."""
    if not MANIFEST.is_file():
        return {}
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return names
