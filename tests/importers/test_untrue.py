"""Words that would be untrue here are taken out or listed."""

from __future__ import annotations

import pytest

from tests.importers.made_forms import Conversion, converted, form, page, question

LINK = "<a href='https://a.example/x' target='_blank'>"


def said(words: str) -> Conversion:
    part = {"type": "Para", "name": "p", "content": words}
    return converted(form(page("/one", part, question("TextField", "a"))))


def confirmed(words: str) -> Conversion:
    special = {"confirmationPage": {"customText": {"nextSteps": words}}}
    return converted(form(page("/one", question("TextField", "a")), specialPages=special))


@pytest.mark.parametrize(
    "words",
    [
        f"See {LINK}this (opens in a new tab)</a>.",
        f"See {LINK}this (opens in new tab)</a>.",
        f"See {LINK}this&nbsp;(Opens in a new window)</a>.",
        f"See {LINK}this</a> (this link opens in another browser tab).",
        f"See {LINK}this - opens in a new tab </a>.",
        f"See {LINK}this <span class='hidden'>(opens in a new tab)</span></a>.",
    ],
)
def test_a_link_does_not_say_that_it_opens_in_a_new_tab(words: str) -> None:
    found = said(words)
    text = found.page("one")["content"][0]["text"]
    assert text.replace("this ]", "this]") == "See [this](https://a.example/x)."
    (note,) = found.said("note")[:1]
    assert note.startswith("pages[0].components[0].content: A link says ")
    assert "pens in" in note


def test_other_words_on_tabs_stay() -> None:
    words = "Nothing here opens in a new tab or window"
    assert said(words).page("one")["content"] == [{"text": words}]


def test_the_confirmation_says_what_happens_next_once() -> None:
    found = confirmed("<h2>What happens next</h2><p>We read it.</p><h2>Later</h2><p>We act.</p>")
    assert found.plain["confirmation"]["next"] == "We read it.\n\n**Later**\n\nWe act."


def test_promised_emails_stand_and_are_listed() -> None:
    path = "specialPages.confirmationPage.customText.nextSteps"
    words = "We will send 2 automated emails. Give your email address."
    found = confirmed(f"<p>{words}</p>")
    assert found.plain["confirmation"]["next"] == words
    assert [one for one in found.said("note") if "promise" in one] == [
        f"{path}: The words promise messages: “We will send 2 automated emails.”"
    ]
