"""A canary in every answer is in no log, no statement and no byte of the database."""

import base64
import json
import os
from pathlib import Path

from tests.support.own_database import own_database, start

CANARY = "Canary7Zebra"
KEY = bytes(range(100, 132))
WRITTEN_KEY = base64.b64encode(KEY).decode()


def passing(folder: Path) -> Path:
    """A folder for temporary files where the search finds them."""
    made = folder / "passing"
    made.mkdir()
    return made


def test_no_answer_shows_outside_its_seal(tmp_path):
    with own_database(tmp_path) as env:
        env["TOWNHALL_KEYS"] = f"kept-outside:{WRITTEN_KEY}"
        env["TMPDIR"] = str(passing(tmp_path))
        process = start(env, "tests.support.act", "canary_journey", CANARY)
        out, logged = process.communicate(timeout=120)
        assert process.returncode == 0, logged
        told = json.loads(out)
        assert told["queries"] > 30
        assert "the journeys are made" in logged
        assert "INSERT INTO" in logged
        for secret in (
            WRITTEN_KEY,
            KEY.hex(),
            CANARY,
            CANARY.lower(),
            CANARY.encode().hex(),
            told["token"],
        ):
            assert secret not in logged
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files or os.environ.get("DATABASE_URL", "").startswith("postgres")
        for path in files:
            held = path.read_bytes()
            assert CANARY.encode() not in held
            assert told["token"].encode() not in held
            # The sealing key is never inside the data folder.
            assert not [key for key in (KEY, WRITTEN_KEY.encode()) if key in held]
