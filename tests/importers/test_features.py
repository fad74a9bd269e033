"""What each feature of the source becomes, one small form at a time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.made_forms import Raw, condition, converted, form, page, question


def asked(raw: Raw, id: str) -> dict[str, Any]:
    return next(
        one
        for page_ in converted(raw).plain["pages"]
        for one in page_.get("questions", [])
        if one["id"] == id
    )


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            question("TextField", "q", schema={"max": 9, "min": 2}),
            {"type": "text", "max_length": 9, "min_length": 2},
        ),
        (
            question("MultilineTextField", "q", options={"maxWords": "50"}),
            {"type": "long-text", "max_words": 50},
        ),
        (
            question("NumberField", "q", schema={"min": 0, "max": 999}),
            {"type": "number", "min": "0", "max": "999"},
        ),
        (question("NumberField", "q", schema={"precision": 2}), {"type": "number", "decimals": 2}),
        (question("NumberField", "q", options={"prefix": "£"}), {"type": "money"}),
        (
            question("DatePartsField", "q", options={"maxDaysInFuture": "0"}),
            {"type": "date", "max": "today"},
        ),
        (
            question("DatePartsField", "q", options={"maxDaysInPast": 30}),
            {"type": "date", "min": "today - 30 days"},
        ),
        (question("YesNoField", "q"), {"type": "yes-no"}),
        (question("UkAddressField", "q"), {"type": "address"}),
        (question("EmailAddressField", "q"), {"type": "email"}),
        (question("SelectField", "q", list="sizes"), {"type": "select"}),
        (
            question("TextField", "q", options={"required": False}),
            {"type": "text", "required": False},
        ),
        (
            question("TextField", "q", schema={"regex": "^[A-Z]{2}$"}),
            {"pattern": {"matches": "[A-Z]{2}"}},
        ),
    ],
)
def test_a_component_becomes_a_question(part: Raw, expected: Raw) -> None:
    found = asked(form(page("/one", part)), "q")
    for key, value in expected.items():
        held = {**found.get(key, {}), **value} if isinstance(value, dict) else found.get(key)
        assert held == (found[key] if isinstance(value, dict) else value), (key, found)


def test_a_pattern_that_re2_does_not_take_is_a_loss() -> None:
    found = converted(form(page("/one", question("TextField", "q", schema={"regex": "(a)(?=b)"}))))
    assert "pattern" not in found.page("one")["questions"][0]
    assert any("must match a pattern" in one for one in found.said("loss"))


def test_options_have_ids_made_of_their_values() -> None:
    found = asked(form(page("/one", question("RadiosField", "q", list="colours"))), "q")
    ids = [(one["id"], one["say"]) for one in found["options"]]
    assert ids == [("red", "Red"), ("blue", "Blue"), ("light-green", "Light Green")]


def test_a_missing_page_is_a_fault_with_page_and_condition() -> None:
    raw = form(
        page(
            "/one",
            question("YesNoField", "q"),
            to=[{"path": "/gone", "condition": "yes"}, {"path": "/two"}],
        ),
        page("/two", question("TextField", "name")),
        conditions=[condition("yes", ("q", "YesNoField", "is", "true"))],
    )
    found = converted(raw)
    (fault,) = found.done.findings.of("fault")
    assert fault.path == "pages[0].next[0]"
    assert "`/one`" in fault.what
    assert "`/gone`" in fault.what
    assert "“yes”" in fault.why
    assert found.page("one")["next"] == [
        {"when": {"q": "yes"}, "go": "cannot-continue"},
        {"go": "two"},
    ]
    assert found.page("cannot-continue")["exit"]


def test_a_way_back_ends_honestly() -> None:
    raw = form(
        page("/one", question("YesNoField", "q")),
        page("/two", question("TextField", "name"), to="/one"),
    )
    raw["pages"][0]["next"] = [{"path": "/two"}]
    found = converted(raw)
    assert any("leads back to `/one`" in one for one in found.said("fault"))
    assert found.plain["pages"][-1]["exit"]


def test_pages_are_put_after_all_that_lead_to_them() -> None:
    raw = form(
        page("/one", question("TextField", "a"), to="/three"),
        page("/two", question("TextField", "b"), to="/summary"),
        page("/three", question("TextField", "c"), to="/two"),
    )
    assert [one["page"] for one in converted(raw).plain["pages"]] == ["one", "three", "two"]


def test_a_start_page_becomes_the_start() -> None:
    words = {"type": "Para", "content": "It takes <strong>5</strong> minutes.", "options": {}}
    raw = form(
        page("/start", words, to="/one", controller="./pages/start.js"),
        page("/one", question("TextField", "a")),
    )
    found = converted(raw)
    assert found.plain["start"] == [{"text": "It takes **5** minutes."}]
    assert [one["page"] for one in found.plain["pages"]] == ["one"]


def test_a_page_without_a_way_on_is_an_exit() -> None:
    words = {"type": "Para", "content": "Sorry.", "options": {}}
    raw = form(
        page(
            "/one",
            question("YesNoField", "q"),
            to=[{"path": "/no", "condition": "no"}, {"path": "/summary"}],
        ),
        page("/no", words, to=[]),
        conditions=[condition("no", ("q", "YesNoField", "is", "false"))],
    )
    found = converted(raw)
    assert found.page("no")["exit"] == "Page /no"
    assert found.page("one")["next"][-1] == {"go": "check-answers"}


def test_a_sign_in_page_is_dropped_and_the_way_leads_past_it() -> None:
    raw = form(
        page("/one", question("TextField", "a"), to="/gate"),
        page("/gate", to="/two", controller="MagicLinkRedirectController"),
        page("/two", question("TextField", "b")),
    )
    found = converted(raw)
    assert [one["page"] for one in found.plain["pages"]] == ["one", "two"]
    assert any("signs people in" in one for one in found.said("withheld"))


def test_a_question_on_alternative_pages_is_declared_once() -> None:
    no = condition("no", ("q", "YesNoField", "is", "false"))
    raw = form(
        page(
            "/one",
            question("YesNoField", "q"),
            to=[{"path": "/b", "condition": "no"}, {"path": "/a"}],
        ),
        page("/a", question("NumberField", "n"), to="/end"),
        page("/b", question("NumberField", "n", hint="Roughly"), to="/end"),
        page("/end", question("TextField", "last")),
        conditions=[no],
    )
    found = converted(raw)
    assert [one["id"] for one in found.plain["questions"]] == ["n"]
    assert found.page("b")["questions"] == [{"ask_again": "n", "hint": "Roughly"}]
    assert found.form.pages_of["n"] == ("a", "b")


def test_rows_with_columns_become_a_repeat_in_a_table() -> None:
    rows = question(
        "MultiInputField",
        "rows",
        children=[
            question("TextField", "what"),
            question("NumberField", "cost", options={"prefix": "£"}),
        ],
        options={"maxMultiInputFieldRows": 3},
    )
    found = converted(form(page("/one", rows, controller="RepeatingFieldPageController")))
    made = found.page("one")
    assert made["repeat"] | {"id": ""} == {
        "id": "", "min": 1, "max": 3, "item": "row", "items": "What is rows?", "show": "table",
    }  # fmt: skip
    assert [one["id"] for one in made["questions"]] == ["what", "cost"]


def test_what_is_asked_once_beside_rows_keeps_its_own_page() -> None:
    rows = question("MultiInputField", "rows", children=[question("TextField", "what")])
    found = converted(form(page("/one", question("TextField", "once"), rows), page("/two")))
    assert [one["id"] for one in found.page("one")["questions"]] == ["once"]
    assert "repeat" in found.page("one-items")


def test_a_revealed_question_is_asked_next_and_only_then() -> None:
    radios = question(
        "RadiosField",
        "q",
        list="colours",
        options={"conditionallyRevealedComponents": {"blue": question("TextField", "shade")}},
    )
    found = converted(
        form(
            page("/one", radios, to="/two", section="s"),
            page("/two", question("TextField", "b"), section="s"),
            sections=[{"name": "s", "title": "S"}],
        )
    )
    assert found.page("one-more")["section"] == found.page("one")["section"] == "s"
    assert found.page("one-more")["when"] == {"q": "blue"}
    assert [one["id"] for one in found.page("one-more")["questions"]] == ["shade"]
    assert any("opens under the option" in one for one in found.said("loss"))


@pytest.mark.parametrize("kind", ["FileUploadField", "ClientSideFileUploadField"])
def test_an_upload_says_to_send_it_another_way(kind: str) -> None:
    found = converted(
        form(
            page("/one", question(kind, "file", hint="<p>At most 2</p>")),
            page("/two", question("TextField", "b")),
        )
    )
    assert found.page("one")["content"][0]["inset"].endswith("What is file? At most 2")
    assert "Send this another way" in found.page("one")["content"][0]["inset"]
    assert found.said("loss")


def test_an_unknown_kind_is_a_text_question_and_a_loss() -> None:
    found = converted(form(page("/one", question("HologramField", "h"))))
    assert found.page("one")["questions"][0]["type"] == "text"
    assert any("HologramField" in one for one in found.said("loss"))


def test_a_hidden_question_is_not_asked() -> None:
    hidden = question("TextField", "code", options={"classes": "govuk-!-display-none"})
    found = converted(form(page("/one", hidden, question("TextField", "a"))))
    assert [one["id"] for one in found.page("one")["questions"]] == ["a"]
    assert found.said("loss")


def test_an_answer_in_the_words_is_filled_in_only_when_given_earlier() -> None:
    raw = form(
        page("/one", question("TextField", "name")),
        {**page("/two", question("TextField", "b")), "title": "Hello {{ name }}, {{ b }}{{ 7*7 }}"},
    )
    raw["pages"][0]["next"] = [{"path": "/two"}]
    found = converted(raw)
    assert found.page("two")["title"] == "Hello {{ name }},"
    assert len(found.said("loss")) == 2


def test_a_page_that_compares_dates_has_rules() -> None:
    raw = form(
        page(
            "/one",
            question("DatePartsField", "first"),
            question("DatePartsField", "second"),
            controller="DateComparisonPageController",
            options={"firstDateComponent": "first", "secondDateComponent": "second"},
        )
    )
    rules = [(rule["at"], rule["require"]) for rule in converted(raw).page("one")["rules"]]
    assert ("second", {"second": {"not_before": "first"}}) in rules
    assert ("first", {"first": {"not_before": "today - 2 months"}}) in rules


def test_a_condition_on_words_is_a_loss_and_never_holds() -> None:
    raw = form(
        page(
            "/one",
            question("TextField", "q"),
            to=[{"path": "/x", "condition": "c"}, {"path": "/summary"}],
        ),
        page("/x", question("TextField", "y")),
        conditions=[condition("c", ("q", "TextField", "is", "magic"))],
    )
    found = converted(raw)
    assert [one["page"] for one in found.plain["pages"]] == ["one"]
    assert any("compares the answer" in one for one in found.said("loss"))


def test_old_string_conditions_are_read() -> None:
    raw = form(
        page(
            "/one", question("SelectField", "n", list="sizes"), section="s",
            to=[{"path": "/x", "condition": "many"}, {"path": "/summary"}],
        ),
        page("/x", question("TextField", "y")),
        conditions=[{"name": "many", "value": "s.n > 1 and not (s.n == 3)"}],
        sections=[{"name": "s", "title": "S"}],
    )  # fmt: skip
    assert converted(raw).page("one")["next"][0] == {
        "when": "many",
        "go": "x",
    }
    assert converted(raw).form.named("many")


def test_terminal_pages_and_conditions_of_the_ordered_dialect() -> None:
    part = question("YesNoField", "q", id="c-1")
    raw = {
        "engine": "V2", "schema": 2, "name": "V2", "sections": [], "lists": [],
        "pages": [
            {"path": "/one", "title": "", "components": [part]},
            page("/end", to=[], controller="TerminalPageController", condition="k"),
            {"path": "/two", "title": "", "components": [question("TextField", "b", id="c-2")]},
            {"path": "/summary", "title": "", "controller": "SummaryPageController"},
        ],
        "conditions": [
            {
                "id": "k",
                "displayName": "said no",
                "items": [
                    {"componentId": "c-1", "operator": "is", "type": "BooleanValue", "value": False}
                ],
            }
        ],
    }  # fmt: skip
    found = converted(raw)
    assert found.page("end")["when"] == {"q": "no"}
    assert found.page("end")["exit"] == "Page /end"


def test_a_form_that_nobody_can_finish_comes_to_check_answers() -> None:
    raw = form(page("/one", question("TextField", "a"), to=[]))
    found = converted(raw)
    assert any("has no way on" in one for one in found.said("fault"))
    assert "exit" not in found.page("one")


def test_words_before_sending_become_the_declaration() -> None:
    raw = form(page("/one", question("TextField", "a")))
    raw["pages"][-1] |= {"options": {"customText": {"endContent": "<p>It is true.</p>"}}}
    found = converted(raw)
    assert found.plain["check"] == {"declaration": "It is true."}
    assert found.said("loss")


def test_a_count_is_whole_and_another_number_is_a_loss() -> None:
    many = question("NumberField", "n") | {"title": "How many beds are there?"}
    assert not converted(form(page("/one", many))).said("loss")
    weight = question("NumberField", "n") | {"title": "What does it weigh?"}
    assert any("decimals" in one for one in converted(form(page("/one", weight))).said("loss"))


def test_what_is_declared_stands_as_the_hint() -> None:
    part = question("DeclarationField", "d", content="<p>All of it</p><p>is true.</p>")
    (asked,) = converted(form(page("/one", part))).page("one")["questions"]
    assert (asked["type"], asked["hint"]) == ("declaration", "All of it is true.")


def test_a_hint_over_rows_is_listed() -> None:
    rows = question(
        "MultiInputField", "r", hint="One each", children=[question("TextField", "what")]
    )
    found = converted(form(page("/one", rows)))
    assert any("“One each”" in one for one in found.said("note"))


LONG = "word " * 400 + "last"


@pytest.mark.parametrize(
    ("part", "place"),
    [
        (question("TextField", "q") | {"title": LONG}, ("ask",)),
        (question("TextField", "q", hint=LONG), ("hint",)),
        (question("RadiosField", "q", list="long"), ("options", 0, "say")),
        (question("RadiosField", "q", list="long"), ("options", 0, "hint")),
    ],
)
def test_words_that_do_not_fit_are_listed_as_lost(part: Raw, place: tuple[Any, ...]) -> None:
    raw = form(page("/one", part))
    items = [{"text": f"{LONG} {n}", "description": LONG, "value": str(n)} for n in (1, 2)]
    raw["lists"] = [*raw["lists"], {"name": "long", "title": "L", "type": "string", "items": items}]
    found = converted(raw)
    kept: Any = found.page("one")["questions"][0]
    for step in place:
        kept = kept[step]
    assert len(kept) <= 1900
    lost = [one for one in found.said("loss") if "longer than fits" in one]
    assert any(LONG[len(kept) :].strip() in one and "last" in one for one in lost)


def test_titles_that_do_not_fit_are_listed_as_lost() -> None:
    parts = (question("TextField", "a"), question("TextField", "b"))
    found = converted(form(page("/one", *parts, title=f"Page {LONG}"), name=f"Form {LONG}"))
    lost = [one for one in found.said("loss") if "longer than fits" in one]
    assert any(one.startswith("name: The title") and "last”" in one for one in lost)
    assert any("The page’s title" in one and "last”" in one for one in lost)


def test_words_over_a_question_with_a_long_hint_stay_above_it() -> None:
    hint = "word " * 370
    found = converted(
        form(
            page(
                "/one",
                question("TextField", "a"),
                question("Para", "p", content="<p>Between</p>" * 20),
                question("TextField", "b", hint=hint),
            )
        )
    )
    made = found.page("one")
    assert made["questions"][1]["hint"].split() == hint.split()
    assert "Between" in str(made["content"])
