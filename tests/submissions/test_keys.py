"""Keys that would keep nothing secret are refused before anybody is answered."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from townhall.submissions import keys
from townhall.submissions.sealing import DEMONSTRATION, KeyRing, write_key


def start():
    apps.get_app_config("submissions").ready()


def known_key() -> str:
    ring = KeyRing.demonstration()
    return write_key("renamed", lambda size: ring.keys[DEMONSTRATION])


def test_the_known_key_serves_on_this_machine_only(settings):
    settings.KEYS, settings.BEYOND_LOOPBACK = "", False
    start()
    settings.BEYOND_LOOPBACK = True
    for given in ("", known_key(), f"{write_key('new')},{known_key()}"):
        settings.KEYS = given
        with pytest.raises(ImproperlyConfigured):
            start()
    settings.KEYS = write_key("new")
    start()


@pytest.mark.parametrize("name", ["KEYS", "ADDRESS_KEYS"])
def test_what_is_no_key_is_refused_without_printing_it(settings, name):
    setattr(settings, name, "2026a:c2VjcmV0")
    with pytest.raises(ImproperlyConfigured) as caught:
        start()
    assert "c2VjcmV0" not in str(caught.value)


def test_addresses_are_never_counted_under_a_key_that_seals(settings):
    settings.KEYS, settings.ADDRESS_KEYS = write_key("one"), ""
    assert not set(keys.address_keys()) & set(keys.ring().keys.values())
    derived = keys.address_keys()
    settings.ADDRESS_KEYS = write_key("own")
    assert keys.address_keys() != derived
