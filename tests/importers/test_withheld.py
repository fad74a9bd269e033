"""Nothing that belongs to the old service comes through, in a definition or a report."""

from __future__ import annotations

import json

import pytest

from tests.importers.made_forms import converted, form, page, question
from townhall.importers.report import as_json, as_words

SECRET = "hunter2-do-not-carry"

WITHHELD = [
    ("outputs", [{"name": SECRET, "type": "webhook", "outputConfiguration": {"url": SECRET}}]),
    (
        "outputs",
        [
            {
                "name": "n",
                "type": "notify",
                "outputConfiguration": {"apiKey": SECRET, "templateId": SECRET},
            }
        ],
    ),
    ("payApiKey", SECRET),
    ("feeOptions", {"payApiKey": SECRET}),
    ("jwtKey", SECRET),
    ("webhookHmacSharedKey", SECRET),
    ("analytics", {"gtmId1": SECRET}),
    ("feedback", {"url": SECRET, "emailAddress": SECRET}),
    ("phaseBanner", {"phase": SECRET}),
    ("magicLinkConfig", SECRET),
    ("authentication", SECRET),
    ("allowedDomains", [SECRET]),
    ("returnTo", SECRET),
    ("aKeyNobodyKnows", {"token": SECRET}),
]


@pytest.mark.parametrize(
    ("key", "value"), WITHHELD, ids=[f"{at}-{one[0]}" for at, one in enumerate(WITHHELD)]
)
def test_it_is_listed_by_path_and_never_by_value(key: str, value: object) -> None:
    found = converted(form(page("/one", question("TextField", "a")), **{key: value}))
    listed = [one.path for one in found.done.findings.items]
    assert any(path.startswith(key) for path in listed)
    everything = found.done.text + json.dumps(as_json([(found.done, "")]))
    assert SECRET not in everything
    assert SECRET not in as_words([(found.done, "")], verbose=True)


def test_page_events_and_redirects_are_left_out() -> None:
    one = page(
        "/one",
        question("YesNoField", "q"),
        to=[{"redirect": f"https://{SECRET}.example/", "condition": "c"}, {"path": "/summary"}],
        events={"onLoad": {"options": {"url": SECRET}}},
    )
    found = converted(form(one, conditions=[{"name": "c", "value": "q == true"}]))
    assert SECRET not in found.done.text + json.dumps(as_json([(found.done, "")]))
    assert found.page("one")["next"][0]["go"] == "cannot-continue"


def test_fees_are_losses() -> None:
    fees = [{"description": "Licence", "amount": 10, "condition": "x"}]
    found = converted(form(page("/one", question("TextField", "a")), fees=fees))
    assert any("A fee: Licence" in one for one in found.said("loss"))


def test_it_is_marked_not_reviewed_and_says_where_it_is_from() -> None:
    found = converted(form(page("/one", question("TextField", "a"))))
    assert found.form.definition.reviewed is False
    assert found.form.definition.owner is None
    assert found.form.definition.deliver == ()
    assert found.form.definition.source is not None
