"""The webhook's signature: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.

The time is inside what is signed, so a receiver can refuse an old request that is sent again.
"""

import hashlib
import hmac
import re
from datetime import datetime

HEADER = "Townhall-Signature"
FORM = re.compile(r"t=(?P<time>[0-9]{1,12}),v1=(?P<mac>[0-9a-f]{64})", re.ASCII)


def sign(body: bytes, secret: str, *, at: datetime) -> str:
    """The header's value for these exact bytes."""
    time = str(int(at.timestamp()))
    return f"t={time},v1={_mac(body, secret, time)}"


def holds(header: str, body: bytes, secret: str) -> bool:
    """Whether the header was made with this secret for these bytes, in constant time."""
    found = FORM.fullmatch(header)
    return found is not None and hmac.compare_digest(
        found["mac"], _mac(body, secret, found["time"])
    )


def _mac(body: bytes, secret: str, time: str) -> str:
    signed = time.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
