"""Markup becomes blocks; the characters that people read survive it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.engine.text import markdown_text
from townhall.importers.markup import blocks_of
from townhall.importers.prose import blocks_of_markdown, escaped, plain_of


def blocks(html: str) -> tuple[list[dict[str, object]], list[str]]:
    lost: list[str] = []
    return blocks_of(html, lambda what, instead: lost.append(what)), lost


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Plain words", [{"text": "Plain words"}]),
        ("<p>One</p><p>Two</p>", [{"text": "One\n\nTwo"}]),
        ("One<br><br>Two", [{"text": "One\n\nTwo"}]),
        ("<h2 class='x'>Head</h2><p>Body</p>", [{"heading": "Head"}, {"text": "Body"}]),
        ("<ul><li>a</li><li>b <b>c</b></li></ul>", [{"list": ["a", "b **c**"]}]),
        ("<ol><li>a</li><li>b</li></ol>", [{"text": "1. a\n2. b"}]),
        ("See <a href='https://a.example/x'>this</a>", [{"text": "See [this](https://a.example/x)"}]),
        ("<div class='govuk-inset-text'>Note</div>", [{"inset": "Note"}]),
        ("<details><summary>More</summary><p>Words</p></details>",
         [{"details": {"summary": "More", "text": "Words"}}]),
        ("<table><caption>C</caption><thead><tr><th>A</th></tr></thead><tr><td>1</td></tr></table>",
         [{"table": {"caption": "C", "head": ["A"], "rows": [["1"]]}}]),
        ("To report:<br><ul><li>a</li><li>b</li>", [{"text": "To report:"}, {"list": ["a", "b"]}]),
        ("<ul><li>a<li>b", [{"list": ["a", "b"]}]),
        ("<table><tr><td>a<td>b<tr><td>c",
         [{"table": {"caption": "Details", "rows": [["a", "b"], ["c"]]}}]),
        ("<b>a</b> <b>b</b>", [{"text": "**a b**"}]),
        ("<details><summary>More</summary>Words",
         [{"details": {"summary": "More", "text": "Words"}}]),
        ("<a href='https://a.example/x'>this", [{"text": "[this](https://a.example/x)"}]),
        ("2 * 3 * 4 and [x]", [{"text": r"2 \* 3 \* 4 and \[x\]"}]),
        ("&lt;b&gt; &amp; more", [{"text": r"\<b\> & more"}]),
        ("", []),
        ("<br/>", []),
    ],
)  # fmt: skip
def test_html_becomes_blocks(html: str, expected: list[dict[str, object]]) -> None:
    assert blocks(html)[0] == expected


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<script>alert(1)</script>Hi", "a script"),
        ("<img src='x'>Hi", "a picture"),
        ("<iframe src='x'></iframe>Hi", "an embedded page"),
        ("<a href='javascript:alert(1)'>Hi</a>", "a link to `javascript:alert(1)`"),
        ("<a href='/inside'>Hi</a>", "a link to `/inside`"),
        ("<p>Hi</p><a role='button' href='/go'>Start now</a>", "a button of its own, “Start now”"),
    ],
)
def test_what_cannot_be_carried_is_listed(html: str, what: str) -> None:
    found, lost = blocks(html)
    assert found == [{"text": "Hi"}]
    assert lost == [what]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (
            "<a href='https://a.example/x_y'>Bins</a> and more",
            "Bins (https://a.example/x_y) and more",
        ),
        ("<a href='mailto:bins@a.example'>Write</a>", "Write (bins@a.example)"),
        ("<a href='mailto:bins@a.example'>bins@a.example</a>", "bins@a.example"),
        ("<a href='tel:01632960001'>01632 960001</a>", "01632 960001"),
        ("<b>[x](y)</b>", "[x](y)"),
    ],
)
def test_a_link_in_a_table_keeps_its_address(cell: str, words: str) -> None:
    found, lost = blocks(f"<table><tr><td>{cell}</td></tr></table>")
    assert found == [{"table": {"caption": "Details", "rows": [[words]]}}]
    assert lost == []


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<h2>{}</h2>", {"heading": "Bins"}),
        ("<details><summary>{}</summary>Words</details>",
         {"details": {"summary": "Bins", "text": "Words"}}),
        ("<table><caption>{}</caption><tr><td>1</td></tr></table>",
         {"table": {"caption": "Bins", "rows": [["1"]]}}),
    ],
)  # fmt: skip
def test_a_link_where_none_can_be_is_listed(html: str, kept: dict[str, object]) -> None:
    found, lost = blocks(html.format("<a href='https://a.example'>Bins</a>"))
    assert found == [kept]
    assert lost == ["a link to `https://a.example` where no link can be"]


@pytest.mark.parametrize("html", ["<h2>{}</h2>", "<div class='govuk-inset-text'>{}</div>"])
def test_words_beyond_their_place_are_listed(html: str) -> None:
    (found,), lost = blocks(html.format("word " * 4_000 + "last"))
    assert len(lost) == 1
    assert "".join(found.values()) + lost[0].partition("“")[2] == "word " * 4_000 + "last”"


def test_markdown_beyond_its_place_is_listed() -> None:
    lost: list[str] = []
    words = "word " * 4_000 + "last"
    blocks_of_markdown(f"# {words}\n\n{words}", lambda what, instead: lost.append(what))
    assert [one.endswith("last”") for one in lost] == [True, True]


def test_markdown_keeps_its_text_and_loses_its_html() -> None:
    lost: list[str] = []
    found = blocks_of_markdown(
        "# Head\n\n- a\n- b\n\n<b>bold</b> *x*", lambda what, instead: lost.append(what)
    )
    assert found == [{"heading": "Head"}, {"text": "- a\n- b\n\nbold \\*x\\*"}]
    assert lost == ["HTML inside Markdown"]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_escaped_words_are_shown_as_they_are(words: str) -> None:
    line = " ".join(f"a{words}".split())
    shown = markdown_text(escaped(line).replace("{{", "{ {"))
    assert re.sub(r"\s+", " ", shown) == line.replace("{{", "{ {")


@given(st.text(max_size=300))
def test_no_markup_survives_and_nothing_falls_over(html: str) -> None:
    found, _ = blocks(html)
    for block in found:
        assert set(block) <= {"text", "heading", "list", "inset", "warning", "details", "table"}
    plain_of(html)


TAGS = ("p", "ul", "li", "table", "tr", "td", "div", "details", "summary", "script", "b", "h2")
PIECES = [
    *(f"<{tag}>" for tag in TAGS),
    *(f"</{tag}>" for tag in TAGS),
    "<a href='https://a.example'>",
    "</a>",
    "<div class='govuk-inset-text'>",
    "words",
    "<br>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_tags_in_any_order_are_read(tags: list[str]) -> None:
    found, _ = blocks("".join(tags))
    assert all(block for block in found)


HTML_TAGS = [*TAGS, "ol", "th", "thead", "caption", "span", "svg", "noscript", "section", "h3", "i"]
MESS = [
    *(f"<{tag}>" for tag in HTML_TAGS if tag != "script"),
    *(f"</{tag}>" for tag in HTML_TAGS),
    "<a href='https://a.example'>",
    "<a class='button' href='/go'>",
    "</a>",
    "<div class='govuk-inset-text'>",
    "<div class='govuk-warning-text'>",
    "<img alt='words'>",
    "<br>",
    "<",
    "&nbsp;",
    *["word"] * 25,
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(MESS), max_size=40))
def test_every_word_is_in_a_block_or_in_what_is_lost(pieces: list[str]) -> None:
    html = "".join(f" word{at} " if piece == "word" else piece for at, piece in enumerate(pieces))
    found, lost = blocks(html)
    words = {f"word{at}" for at, piece in enumerate(pieces) if piece == "word"}
    assert words <= set(re.findall(r"word\d+", f"{found} {lost}")), html
