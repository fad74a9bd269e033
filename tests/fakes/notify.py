"""GOV.UK Notify as its REST documentation describes it: JWT, send, query by reference, simulators.

`temp-fail@simulator.notify`, `perm-fail@simulator.notify` and the plain simulator behave as
Notify's. Another address is "sending" until it has been asked about once, and then "delivered".
"""

import base64
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from urllib.parse import parse_qs, urlsplit

from tests.fakes.http import Answer, Asked

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"a_test_key-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
ENDS = {
    "temp-fail@simulator.notify": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass
class Notify:
    """Its memory: the notifications it took, newest last, and what to do wrong next."""

    now: float
    faults: Iterator[str] = field(default_factory=lambda: repeat(""))
    taken: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        if not self.is_signed(asked):
            return _error(403, "AuthError", "Invalid token: signature, api token not found")
        fault = next(self.faults)
        if fault == "429":
            return _error(429, "RateLimitError", "Exceeded rate limit for key type LIVE")
        if fault == "500":
            return _error(500, "Exception", "Internal server error")
        if fault == "html":
            return Answer(200, b"<html>gateway</html>", "text/html")
        answer = self._list(asked) if asked.method == "GET" else self._send(asked)
        return Answer(cut=True) if fault == "reset_after" else answer

    def is_signed(self, asked: Asked) -> bool:
        """HS256 with the key's secret, issued by the service, within 30 seconds of now."""
        header, claims, mac = (
            asked.headers.get("authorization", "").removeprefix("Bearer ").split(".")
        )
        wanted = hmac.new(SECRET.encode(), f"{header}.{claims}".encode(), hashlib.sha256).digest()
        if json.loads(_decoded(header))["alg"] != "HS256" or _decoded(mac) != wanted:
            return False
        said = json.loads(_decoded(claims))
        return bool(said["iss"] == SERVICE and abs(said["iat"] - self.now) <= 30)

    def _send(self, asked: Asked) -> Answer:
        mail = json.loads(asked.body)
        if asked.path != "/v2/notifications/email" or mail["template_id"] != TEMPLATE:
            return _error(400, "BadRequestError", "Template not found")
        if not ADDRESS.fullmatch(mail["email_address"]):
            return _error(
                400, "ValidationError", f"email_address {mail['email_address']} is not valid"
            )
        status = ENDS.get(mail["email_address"], "sending")
        values = mail["personalisation"]
        row = {
            "id": str(uuid.uuid4()),
            "reference": mail["reference"],
            "status": status,
            "subject": values["subject"],
            "body": values["body"],
        }
        self.taken.append(row)
        return _json(201, {"id": row["id"], "reference": row["reference"]})

    def _list(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        if parts.path != "/v2/notifications":
            return _error(404, "NoResultFound", "No result found")
        reference = parse_qs(parts.query).get("reference", [""])[0]
        rows = [dict(row) for row in reversed(self.taken) if row["reference"] == reference]
        for row in self.taken:
            if row["reference"] == reference and row["status"] == "sending":
                row["status"] = "delivered"
        return _json(200, {"notifications": rows, "links": {"current": asked.path}})


def _json(status: int, body: object) -> Answer:
    return Answer(status, json.dumps(body).encode())


def _error(status: int, name: str, words: str) -> Answer:
    return _json(status, {"status_code": status, "errors": [{"error": name, "message": words}]})


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
