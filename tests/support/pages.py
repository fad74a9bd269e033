"""What holds for every page: checked on each page that any test fetches."""

from __future__ import annotations

import re

import html5lib
from bs4 import BeautifulSoup, Tag

DEMONSTRATION = "Demonstration. Nothing you enter is sent to anyone. In an emergency call 999"
LABELLED = "input:not([type=hidden]):not([type=submit]), select, textarea"
# What is licensed to GOV.UK alone never leaves this server.
FORBIDDEN = ("crown", "gds transport", "govuk-logotype", "fonts/light-", "fonts/bold-")


def check_page(html: str, *, demonstration: bool = True) -> BeautifulSoup:
    """Check one page and give it parsed; AssertionError names what does not hold."""
    _parses(html)
    page = BeautifulSoup(html, "html.parser")
    _headings(page)
    _ids(page)
    _labels(page)
    _forms(page)
    _nothing_inline(page, html)
    _help_and_leave(page)
    lowered = html.lower()
    assert not [word for word in FORBIDDEN if word in lowered]
    assert "gov.uk" not in page.title.get_text().lower()
    if demonstration:
        assert DEMONSTRATION in page.get_text(" ", strip=True)
        assert page.select_one("meta[name=robots]")["content"].startswith("noindex")
    return page


def _parses(html: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    assert not parser.errors, parser.errors


def _headings(page: BeautifulSoup) -> None:
    headings = page.find_all("h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    # A label as heading may say that it need not be answered; the title names the page.
    words = re.sub(r" \((optional|dewisol)\)$", "", _words(headings[0]))
    title = _words(page.title)
    title = re.sub(r"^(Error|Gwall): ", "", title)
    # Where the heading holds an answer the title has "…": a browser's history keeps titles.
    begins = title.split(" - ")[0].split("…")
    pattern = ".*".join(re.escape(piece) for piece in begins) if len(begins) > 1 else ""
    told = bool(pattern) and re.fullmatch(pattern, words) is not None
    assert told or title.startswith(words), f"title {title!r} does not begin with h1 {words!r}"
    for heading in page.select("h1, h2"):
        assert "gov.uk" not in _words(heading).lower()


def _ids(page: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)), sorted(id for id in ids if ids.count(id) > 1)
    for name in ("aria-describedby", "aria-labelledby", "for"):
        for tag in page.select(f"[{name}]"):
            for id in tag[name].split():
                assert id in ids, f"{name} names {id!r}, which is not there"
    for link in page.select("a[href^='#']"):
        assert link["href"][1:] in ids, f"a link to {link['href']!r}, which is not there"


def _labels(page: BeautifulSoup) -> None:
    for control in page.select(LABELLED):
        label = page.select_one(f"label[for='{control.get('id')}']")
        assert label is not None, f"no label for {control}"
        assert _words(label), f"an empty label for {control}"
    for fieldset in page.select("fieldset"):
        assert fieldset.select_one("legend") is not None


def controls(form: Tag, kind: str) -> list[Tag]:
    """A form's controls of a kind (CSS): those within it, and those that name it from outside."""
    id, page = form.get("id"), form.find_parents()[-1]
    found = page.select(kind)
    return [one for one in found if form in one.parents or (id and one.get("form") == id)]


def _forms(page: BeautifulSoup) -> None:
    for form in page.select("form"):
        assert form["action"].startswith("/")
        assert form["method"] == "post"
        assert controls(form, "[name=csrfmiddlewaretoken]")
        assert controls(form, "button")
    for link in page.select("a[href]"):
        assert re.match(r"^(/|#|tel:|mailto:|https?://)", link["href"]), link


def _nothing_inline(page: BeautifulSoup, html: str) -> None:
    for script in page.select("script"):
        assert script.get("src", "").startswith("/static/"), script
    for sheet in page.select("link[href]"):
        assert sheet["href"].startswith("/"), sheet
    for image in page.select("img"):
        assert image["src"].startswith("/"), image
        assert image.has_attr("alt"), image
    assert not page.select("style, [style], iframe, object, embed")
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", html)


def _help_and_leave(page: BeautifulSoup) -> None:
    blocks = page.select("main ~ section#help")
    assert len(blocks) == 1, "the help block stands once, after main"
    assert blocks[0].select("a[href^='tel:'], a[href^='mailto:']")
    assert page.select_one("form#leave-form[action='/leave']") is not None
    assert page.select_one("button[form='leave-form']") is not None


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())
