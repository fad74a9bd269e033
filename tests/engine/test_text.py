"""An author's words: answers filled in, Markdown drawn, and nothing typed ever becoming markup."""

from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.questions import kind_of, question

from townhall.engine.text import filler, markdown_html, markdown_text, names, substitute

NASTY = [
    "[win](https://evil.example)",
    "**x**",
    "<script>alert(1)</script>",
    "{{x}}",
    "{{ who }}",
    "`code` _em_ *em* ~~s~~",
    "\\[a](/b)",
    "# big",
    "- item\n- item",
    "1. one",
    "</p><p onclick=x>",
    '" onmouseover="x',
    "https://evil.example",
    "<https://evil.example>",
    "![i](https://evil.example/i.png)",
    "&lt;b&gt; &amp;",
    "((ref))",
    "javascript:alert(1)",
    "\u202e",
]
WORDS = """Dear {{ who }}, **bold {{ who }}** and [link {{ who }}](/help).

- item {{ who }}
- other

{{ who }}
"""


class Form:
    """A form with one text question and one of choices."""

    def __init__(self):
        self.questions = {
            "who": question("text").model_copy(update={"id": "who"}),
            "pest": question("radios", options=["Rats", "Mice"]),
            "why": question("long-text"),
            "when": question("date"),
        }

    def kind(self, q):
        return kind_of(q)


class Tags(HTMLParser):
    """Collects every tag with its attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(attributes)))

    def handle_data(self, data):
        self.text += data


def answered(who):
    return filler({"who": who}, Form())


@given(who=st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(NASTY))
def test_no_answer_becomes_markup(who):
    plain = Tags(markdown_html(WORDS, answered("Sam")))
    found = Tags(markdown_html(WORDS, answered(who)))
    assert found.tags == plain.tags


@pytest.mark.parametrize("who", NASTY)
def test_an_answer_is_shown_exactly_as_typed(who):
    assert Tags(markdown_html("Dear {{ who }}!", answered(who))).text.strip() == f"Dear {who}!"
    assert markdown_text("Dear {{ who }}!", answered(who)) == f"Dear {who}!"
    assert substitute("Dear {{ who }}!", {"who": who}, Form()) == f"Dear {who}!"


@given(text=st.text() | st.sampled_from(NASTY))
def test_no_words_of_an_author_become_other_than_the_small_set(text):
    for tag, attributes in Tags(markdown_html(text)).tags:
        assert tag in {"p", "ul", "ol", "li", "strong", "a"}
        assert {name for name, _ in attributes} <= {"a": {"href"}, "ol": {"start"}}.get(tag, set())
    assert isinstance(markdown_text(text), str)


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("https://www.example.com/a?b=c&d", True),
        ("http://example.com", True),
        ("mailto:help@example.com", True),
        ("tel:+441632960001", True),
        ("/help", True),
        ("/", True),
        ("//evil.example", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("ftp://example.com", False),
        ("help.html", False),
        ("#top", False),
        ("?q=1", False),
    ],
)
def test_where_a_link_may_go(target, kept):
    tags = Tags(markdown_html(f"[words]({target})")).tags
    assert (("a", (("href", target),)) in tags) is kept
    if not kept:
        assert Tags(markdown_html(f"[words]({target})")).text.strip() == f"[words]({target})"


def test_a_backslash_stays_on_this_site():
    assert 'href="/%5Cevil.example"' in markdown_html("[words](/\\evil.example)")


def test_a_link_has_no_title_and_a_picture_is_no_picture():
    assert markdown_html('[a](/b "Title")') == '<p><a href="/b">a</a></p>\n'
    assert "<img" not in markdown_html("![a](https://example.com/a.png)")


@pytest.mark.parametrize(
    "typed",
    [
        "*one* and _two_",
        "snake_case_name",
        "5 * 3 * 2",
        "# of bins",
        "`code`",
        "> quoted",
        "<b>html</b>",
        "&amp; & &copy;",
        "---",
        "~~gone~~",
        "https://example.com",
        "a | b",
        "\ttabbed",
    ],
)
def test_what_is_not_in_the_small_set_is_shown_as_typed(typed):
    assert Tags(markdown_html(typed)).text.strip() == typed.strip()
    assert markdown_text(typed) == typed.strip()


def test_the_small_set():
    html = markdown_html("One\ntwo  \nthree\n\n- **a**\n- b\n\n3. c\n4. d\n\n\\*plain\\*")
    assert html.replace("\n", "") == (
        "<p>Onetwothree</p><ul><li><strong>a</strong></li><li>b</li></ul>"
        '<ol start="3"><li>c</li><li>d</li></ol><p>*plain*</p>'
    )


def test_plain_words_for_messages():
    lists = "- one\n- two\n  - deep\n\n1. a\n2. b"
    links = "See [help](/help) or [a@b.com](mailto:a@b.com)\nand  \nmore."
    assert markdown_text(f"Hello **you**.\n\n{lists}\n\n{links}") == (
        f"Hello you.\n\n{lists}\n\nSee help (/help) or a@b.com\nand\nmore."
    )


def test_answers_are_filled_in_as_they_are_shown():
    scope = {"pest": "rats", "when": date(2026, 12, 7), "why": "one\n\ntwo", "item.number": 2}
    form = Form()
    assert substitute("{{pest}} on {{ when }}", scope, form) == "Rats on 7 December 2026"
    assert substitute("{{ when }}", scope, form, "cy") == "7 Rhagfyr 2026"
    assert substitute("{{ why }}", scope, form) == "one, two"
    assert substitute("Child {{ item.number }}", scope, form) == "Child 2"
    assert substitute("{{ who }}.", scope, form) == "."
    assert substitute("{{ nobody }} { who } {{}}", scope, form) == " { who } {{}}"


def test_names_are_found_for_the_check():
    assert names("{{ a }} {{b-c}} {{ item.number }} {{ }} {d}") == ("a", "b-c", "item.number")


@given(text=st.text())
def test_words_without_names_are_exactly_themselves(text):
    if "{{" not in text:
        assert substitute(text, {}, SimpleNamespace(questions={})) == text
