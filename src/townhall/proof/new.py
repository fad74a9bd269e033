"""Writes the first draft of a service from a pattern, for an author to fill in."""

from __future__ import annotations

import json
from datetime import date

from townhall.engine import source
from townhall.engine.library import Library
from townhall.engine.resolve import text_of

STARTER = """\
pages:
  - page: what
    questions:
      - id: what
        ask: "What would you like to tell us?"
        short: "What you told us"
        type: long text
        max_words: 300
        # A text may hold anything about anyone. If this one never holds health, beliefs and the
        # like, `none` is right; if it may, write `special` and add article9 and schedule1 above.
        personal:
          - none

  - use: about-you@1

acknowledge:
  to: email

examples:
  - name: "Someone tells us something"
    answers:
      what: "Some words"
    visits:
      - what
      - about-you
"""

_HEAD = """\
# {about}
# Fill in the three lines under `owner:`, then run: townhall check {slug}.yaml
townhall: 1
service: {slug}
title: {title}
pattern: {pattern}
summary: "Say in one sentence what people can do here."

# The team that answers for this service, and when it next reads these words.
owner:
  team:
  email:
  review: {review}

# Words that people search for.
search:
  - {search}

privacy:
  # Finish the sentence: we hold what people tell us…
  purpose: "To deal with what people tell us and to reply"
  # The law that lets the council do this. The one below is general; name a closer one if there is.
  power: "Localism Act 2011, section 1"
  consequence: "If you do not answer, we cannot help you with this."

# Where answers go: a destination from council.yaml, for example
# deliver:
#   - to: waste-inbox

start:
  - text: "It takes about 5 minutes."

"""


class NoPattern(LookupError):
    """There is no such pattern; the message says which there are."""


def new_service(pattern: str, slug: str, library: Library, *, today: date) -> str:
    """Give the YAML of a new service that passes ``check`` once its owner is filled in.

    Raises NoPattern when the library has no such pattern.
    """
    name, _, wanted = pattern.partition("@")
    versions = [version for known, version in library.patterns if known == name]
    if not versions or (wanted and wanted not in map(str, versions)):
        known = ", ".join(sorted({f"{one}@{version}" for one, version in library.patterns}))
        raise NoPattern(f"There is no pattern {pattern}. There are: {known}.")
    reference = f"{name}@{wanted or max(versions)}"
    found = library.pattern(reference)
    title = slug.replace("-", " ").capitalize()
    head = _HEAD.format(
        about=_about(found, title),
        slug=slug,
        title=json.dumps(title, ensure_ascii=False),
        pattern=reference,
        review=today.replace(year=today.year + 1, day=min(today.day, 28)).isoformat(),
        search=json.dumps(title.casefold(), ensure_ascii=False),
    )
    return head + (text_of(found, "starter") or STARTER)


def _about(pattern: source.Node | None, title: str) -> str:
    return f"{title}. {text_of(pattern, 'about') or ''}".strip()
