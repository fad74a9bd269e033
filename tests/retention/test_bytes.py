"""After a run, no byte of what was kept is left on the disk: answers, keys, outbox, milestones."""

import json
import os
from pathlib import Path

from tests.support.own_database import own_database, run


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_no_byte_is_left_once_the_run_has_been(tmp_path):
    (tmp_path / "passing").mkdir()
    with own_database(tmp_path) as env:
        env["TMPDIR"] = str(tmp_path / "passing")
        kept = json.loads(run(env, "tests.support.act", "submit_filled"))
        stored = [part if len(part) == 64 else bytes.fromhex(part) for part in kept["stored"]]
        needles = [part.encode() if isinstance(part, str) else part for part in stored]
        assert len(needles) >= 13
        embedded = not os.environ.get("DATABASE_URL", "").startswith("postgres")
        if embedded:
            before = on_disk(tmp_path)
            assert all(needle in before for needle in needles)
        done = json.loads(run(env, "tests.support.act", "purge_later"))
        assert done == {"purged": 2, "scrubbed": True}
        after = on_disk(tmp_path)
        assert not [needle for needle in needles if needle in after]
        if embedded:
            assert kept["reference"].encode() in after
