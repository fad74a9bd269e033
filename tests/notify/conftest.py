"""Messages and instants that the senders' tests share."""

from datetime import UTC, datetime

import pytest

from townhall.notify.ports import Message

AT = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
KEY = "0a0e5c1e-0000-5000-8000-00000000c0de"
CANARY = "canary-7f3a"


def message(to: str, **more: object) -> Message:
    words = {"subject": "Missed bin 7KQ4", "body": f"Answers: {CANARY}", "payload": {"a": CANARY}}
    return Message(to=to, **{**words, **more})


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment of whoever runs the tests is not part of them."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
