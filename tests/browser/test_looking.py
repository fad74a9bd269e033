"""The looking itself: each check finds what it is for, so that its silence means something."""

from dataclasses import replace

import pytest
from tests.support.accessibility.checks import CHECKS, by_name
from tests.support.accessibility.evidence import Evidence, Outcome
from tests.support.accessibility.recorder import Recorder

MAIN = '<main class="govuk-main-wrapper" id="main-content">'
FORM = 'id="page-form"'
STYLE = "<style>{}</style></head>"
TINY = '<a href="/" style="display: block; width: 9px; height: 9px; overflow: hidden">x</a>'
# Each check, a page made faulty by one change, and the rule that must find it.
BROKEN = {
    "axe": (MAIN, f'{MAIN}<img src="/static/x.png">', "image-alt"),
    "ibm": (MAIN, f'{MAIN}<img src="/static/x.png">', "img_alt_valid"),
    "html-validate": (MAIN, f"{MAIN}<p><div></div></p>", "close-order"),
    "errors": ('href="#due"', 'href="#elsewhere"', "leads-nowhere"),
    "error focus": ('data-module="govuk-error-summary"', "", "summary-not-focused"),
    "frame": ('id="help"', 'id="helpless"', "frame-part"),
    "target size": (MAIN, MAIN + 2 * TINY, "target-too-small"),
    "reflow": (MAIN, f'{MAIN}<p style="width: 400px">wide</p>', "wider-than-the-window"),
    "text spacing": (
        MAIN,
        f'{MAIN}<p style="height: 20px; line-height: 1; overflow: hidden">{"two lines " * 12}</p>',
        "words-cut-off",
    ),
    "text size": (
        MAIN,
        f'{MAIN}<p style="width: 60px; font-size: 1rem; overflow: hidden">Elmbridge</p>',
        "words-cut-off",
    ),
    "nothing plays": (MAIN, f'{MAIN}<video src="/x.mp4"></video>', "plays"),
    "forced colours": ("</head>", STYLE.format("#page-form button { border: 0 }"), "no-edge"),
    "keyboard": (
        "</head>",
        STYLE.format("a:focus { outline: none !important; box-shadow: none !important;"
                     " background: none !important }"),
        "focus-not-seen",
    ),
    "no javascript": (FORM, f"{FORM} hidden", "needs-a-script"),
}  # fmt: skip
STRANGE = {
    "storage is used": "localStorage.setItem('a', 'b')",
    "stranger: http": "fetch('http://127.0.0.2:9/')",
    "stranger: other": "document.cookie = 'other=1'",
    "console: ": "console.error('oh')",
    "image-alt": "document.querySelector('main').append(document.createElement('img'))",
}


@pytest.fixture(scope="module")
def refused(served):
    """A page with a radio to choose, sent without choosing."""
    with Recorder(served.address, "broken") as recorder:
        state = recorder.start("missed-bin").send().keep("refused")
    headers = {name: value for name, value in state.headers.items() if "security" not in name}
    return replace(state, headers=headers)


def test_every_check_has_a_page_that_it_must_fail():
    assert set(BROKEN) == {check.name for check in CHECKS}


@pytest.mark.parametrize("name", BROKEN)
def test_a_check_finds_its_fault(served, inspector, refused, name):
    right, wrong, rule = BROKEN[name]
    body = refused.body.decode()
    assert right in body
    broken = replace(refused, name=f"broken for {name}", body=body.replace(right, wrong).encode())
    looked = inspector.look(broken, served.address, [by_name()[name]])
    found = {one.rule: one for one in looked.results[0].failures}
    assert rule in found
    with pytest.raises(AssertionError) as failure:
        Evidence([looked]).demand()
    words = str(failure.value)
    assert all(part in words for part in ("/missed-bin/when-due", broken.name, rule, "remedy: "))
    assert found[rule].selector in words


def test_a_sound_page_has_no_fault(served, inspector, refused):
    looked = inspector.look(refused, served.address)
    Evidence([looked]).demand()
    assert [result.check for result in looked.results] == [check.name for check in CHECKS]
    # The rules that ran say what they serve: contrast and names among it.
    for engine in ("axe", "ibm"):
        (own,) = [result for result in looked.results if result.check == engine]
        assert {"1.4.3", "4.1.2"} <= set(own.criteria)
    assert any(one.outcome is Outcome.KNOWN for result in looked.results for one in result.findings)


@pytest.mark.parametrize("fault", STRANGE)
def test_a_fault_of_a_live_page_is_found(person, fault, tmp_path):
    person.evidence = tmp_path
    person.start("missed-bin")
    person.page.evaluate(f"() => {{ {STRANGE[fault]} }}")
    with pytest.raises(AssertionError, match=fault):
        person.look(f"a page with a fault: {fault}")


def test_focus_that_cannot_be_seen_is_found(keyboard_person):
    keyboard_person.start("missed-bin")
    keyboard_person.page.evaluate(
        "() => document.querySelectorAll('a, button').forEach("
        "e => { e.style.outline = 'none'; e.style.boxShadow = 'none' })"
    )
    with pytest.raises(AssertionError, match="focus cannot be seen"):
        keyboard_person.follow("Back")
