"""The looking itself: each check finds what it is for, so that its silence means something."""

import pytest

BREAK = {
    "axe image-alt": "main.insertAdjacentHTML('beforeend', '<img src=\"/static/x.png\">')",
    "320 px": "main.insertAdjacentHTML('beforeend', '<p style=\"width: 400px\">wide</p>')",
    "forced colours": "document.querySelector('#page-form button').style.border = '0'",
    "storage is used": "localStorage.setItem('a', 'b')",
    "stranger: http": "fetch('http://127.0.0.2:9/')",
    "stranger: other": "document.cookie = 'other=1'",
    "console: ": "console.error('oh')",
}


@pytest.mark.parametrize("fault", BREAK)
def test_a_fault_is_found(person, fault):
    person.start("missed-bin")
    person.page.evaluate(f"() => {{ const main = document.querySelector('main'); {BREAK[fault]} }}")
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
