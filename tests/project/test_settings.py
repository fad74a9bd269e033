"""What the environment may and may not set, each in a fresh process."""

import base64
import json
import os
import subprocess
import sys

import pytest

from townhall.project.secrets import DEMONSTRATION_SECRET
from townhall.submissions.sealing import _DEMONSTRATION_KEY

KEYS = "k1:" + base64.b64encode(bytes(range(32))).decode()
LIVE = {"TOWNHALL_HOSTS": "forms.example", "TOWNHALL_SECRET_KEY": "s" * 60, "TOWNHALL_KEYS": KEYS}
SHOWN = (
    "ALLOWED_HOSTS",
    "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "DEBUG",
)


def settings_in(**environment):
    """The settings as a process with that environment has them, or its complaint."""
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {SHOWN!r}}}))"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TOWNHALL_")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=plain | {"DJANGO_SETTINGS_MODULE": "townhall.project.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_nothing_set_only_this_machine_is_answered():
    shown = json.loads(settings_in().stdout)
    assert shown["ALLOWED_HOSTS"] == ["127.0.0.1", "[::1]", "localhost"]
    assert shown["CSRF_COOKIE_SECURE"] is False
    assert shown["DEBUG"] is False


def test_beyond_loopback_cookies_and_addresses_are_secure():
    shown = json.loads(settings_in(**LIVE).stdout)
    assert shown["ALLOWED_HOSTS"] == ["forms.example"]
    assert shown["CSRF_COOKIE_SECURE"] is True
    assert shown["SECURE_SSL_REDIRECT"] is True
    assert shown["SECURE_HSTS_SECONDS"] >= 31_536_000


@pytest.mark.parametrize("missing", ["TOWNHALL_SECRET_KEY", "TOWNHALL_KEYS"])
def test_beyond_loopback_a_missing_key_is_refused(missing):
    done = settings_in(**{name: value for name, value in LIVE.items() if name != missing})
    assert done.returncode != 0
    assert f"set {missing} to secrets of your own" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOWNHALL_SECRET_KEY", DEMONSTRATION_SECRET),
        ("TOWNHALL_SECRET_KEY", "short"),
        ("TOWNHALL_KEYS", f"mine:{base64.b64encode(_DEMONSTRATION_KEY).decode()}"),
    ],
)
def test_a_secret_that_everyone_knows_or_can_guess_is_refused_beyond_loopback(name, value):
    done = settings_in(**LIVE | {name: value})
    assert done.returncode != 0
    assert f"set {name} to secrets" in done.stderr
    assert value not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOWNHALL_KEYS", "k1:nonsense"),
        ("TOWNHALL_ADDRESS_KEYS", "nonsense"),
        ("DATABASE_URL", "mysql://u:nonsense@h/d"),
        ("TOWNHALL_BEHIND_PROXY", "nonsense"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line_without_its_words(name, value, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "townhall.project.cli", "audit", "--data", str(tmp_path)],
        env=os.environ | LIVE | {name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("townhall: ")
    assert name in done.stderr
    assert ("townhall keys new" in done.stderr) is name.endswith("_KEYS")
    assert len(done.stderr.splitlines()) == 1
    assert "nonsense" not in done.stderr
