"""What a page needs to be drawn, and the drawing: ``render(view)`` gives the whole HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, NamedTuple

from townhall.engine.council import Council
from townhall.engine.model import Help
from townhall.ui.environment import environment
from townhall.ui.shapes import Pages
from townhall.ui.theme import fingerprint
from townhall.ui.words import Words, words_in


class Idle(NamedTuple):
    """When a page locks: ``until`` as a London clock time, ``seconds`` from now in digits."""

    until: str
    seconds: str
    extend: str


@dataclass(frozen=True, eq=False)
class Site:
    """What every page of a council, or of a service's help, shares in one language.

    ``languages`` are those to choose from; ``rehearsal`` says on the page that nothing is sent. It
    is made once and kept, so it stands for itself in the keys of what is drawn.
    """

    council: Council
    help: Help
    language: str = "en"
    languages: tuple[str, ...] = ()
    rehearsal: bool = False

    @cached_property
    def words(self) -> Words:
        """The built-in sentences in its language."""
        return words_in(self.language)

    @cached_property
    def fixed(self) -> dict[str, object]:
        """What the template reads of it."""
        return {
            "council": self.council,
            "help": self.help,
            "language": self.language,
            "languages": self.languages,
            "rehearsal": self.rehearsal,
            "theme": f"/theme.css?v={fingerprint(self.council.theme)}",
        }


class Frame(NamedTuple):
    """Everything that stands around a page's own content.

    ``token`` is the CSRF token; ``service`` and ``start`` are a service's title and address,
    empty on pages that belong to none; ``privacy`` is the address of its notice.
    """

    site: Site
    token: str
    service: str = ""
    start: str = ""
    privacy: str = ""
    idle: Idle | None = None
    here: str = ""

    @property
    def council(self) -> Council:
        """Whose page it is."""
        return self.site.council

    @property
    def language(self) -> str:
        """The page's language."""
        return self.site.language

    @property
    def words(self) -> Words:
        """The built-in sentences in the page's language."""
        return self.site.words

    @property
    def texts(self) -> dict[str, object]:
        """What the template reads of it that is a page's own."""
        idle = self.idle
        return {
            "token": self.token,
            "service": self.service,
            "start": self.start,
            "privacy": self.privacy,
            "here": self.here,
            "idle": (
                {"until": idle.until, "seconds": idle.seconds, "extend": idle.extend}
                if idle
                else None
            ),
        }


@dataclass(frozen=True)
class PageView:
    """One page: which template draws it, its one heading, and what the template reads.

    ``heading`` is the h1's words and begins the title; ``caption`` stands over it; ``failed`` puts
    "Error: " before the title; ``named`` begins the title instead where the heading holds an
    answer, which a browser's history must not; ``listed`` lets a search engine keep the page.
    """

    template: str
    heading: str
    frame: Frame
    failed: bool = False
    back: str = ""
    caption: str = ""
    named: str = ""
    listed: bool = False
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """What the template reads of it."""
        return {
            "title": self.title,
            "heading": self.heading,
            "back": self.back,
            "caption": self.caption,
        }

    @property
    def title(self) -> str:
        """The document's title: ``Error: What is your name? - Service - Council``."""
        site = self.frame.site
        parts = [
            self.named or self.heading,
            self.caption,
            self.frame.service,
            site.council.name,
        ]
        said = " - ".join(dict.fromkeys([part for part in parts if part]))
        return f"{site.words('Error: ')}{said}" if self.failed else said


PAGES = Pages()


def render(view: PageView) -> str:
    """Draw the page. Pure: the same view gives the same HTML, drawn before or not."""
    key = (view.template, view.listed, view.frame.site)
    return PAGES.draw(key, _texts(view), partial(_live, view))


def render_live(view: PageView) -> str:
    """Draw the page by its template, whatever is kept: what ``render`` must equal."""
    return _live(view, _texts(view))


def _texts(view: PageView) -> dict[str, Any]:
    return {"view": view.texts, "frame": view.frame.texts, "data": view.data}


def _live(view: PageView, given: Mapping[str, Any]) -> str:
    """Draw the page by its template, from texts or from marks in their place."""
    site = view.frame.site
    template = environment().get_template(f"townhall/{view.template}.html")
    return template.render(
        **given["data"],
        view={**given["view"], "listed": view.listed},
        frame={**given["frame"], **site.fixed},
        say=site.words,
    )
