"""A council's colours as a stylesheet of custom properties; no style is ever inline."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from townhall.engine.council import Theme


@lru_cache(maxsize=8)
def stylesheet(theme: Theme) -> str:
    """Write the theme as CSS; the settings have already refused what is not a plain colour."""
    properties = {
        "--th-brand": theme.brand,
        "--th-on-brand": theme.on_brand,
        "--th-button": theme.button,
        "--th-on-button": ink_on(theme.button),
        "--govuk-brand-colour": theme.brand,
        "--govuk-link-colour": theme.link,
    }
    lines = "".join(f"  {name}: {colour};\n" for name, colour in properties.items())
    return f":root {{\n{lines}}}\n"


def fingerprint(theme: Theme) -> str:
    """Name the theme by its content, for an address that may be cached for ever."""
    return hashlib.sha256(stylesheet(theme).encode()).hexdigest()[:12]


def ink_on(colour: str) -> str:
    """Choose black or white words, whichever contrasts more (WCAG 2.2, 1.4.3)."""
    light = luminance(colour)
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#0b0c0c"


def luminance(colour: str) -> float:
    """Give the relative luminance, 0 to 1, of ``#rrggbb`` (WCAG 2.2, glossary)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
