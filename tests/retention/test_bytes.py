"""After a run, no byte of what was kept is left on the disk: answers, keys, outbox, milestones."""

import json
import os
from pathlib import Path

import psycopg
from tests.support.own_database import own_database, run

SERVER = os.environ.get("DATABASE_URL", "").startswith("postgres")


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def of_the_server(address: str) -> tuple[bytes, bytes]:
    """The server's own files: those of this database's tables, and every other one, log and all."""
    with psycopg.connect(address, autocommit=True) as asked:
        asked.execute("CHECKPOINT")
        [(data,)] = asked.execute("SHOW data_directory")
        tables = asked.execute("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind = 'r'")
        paths = {Path(data) / path for (path,) in tables if path}
    every = [path for path in sorted(Path(data).rglob("*")) if path.is_file()]
    held = {path: path.read_bytes() for path in every}
    rest = b"".join(part for path, part in held.items() if path not in paths)
    return b"".join(held[path] for path in paths if path in held), rest


def looked_through(folder: Path, env: dict[str, str]) -> tuple[bytes, bytes]:
    """Where rows are kept, and wherever else the database may have written."""
    if not SERVER:
        return on_disk(folder), b""
    tables, rest = of_the_server(env["DATABASE_URL"])
    return tables + on_disk(folder), rest


def test_no_byte_is_left_once_the_run_has_been(tmp_path):
    """On PostgreSQL its log, and the free room of an index, keep what was sealed: running.md."""
    (tmp_path / "passing").mkdir()
    with own_database(tmp_path) as env:
        env["TMPDIR"] = str(tmp_path / "passing")
        kept = json.loads(run(env, "tests.support.act", "submit_filled"))
        stored = [part if len(part) == 64 else bytes.fromhex(part) for part in kept["stored"]]
        needles = [part.encode() if isinstance(part, str) else part for part in stored]
        answers = [words.encode() for words in kept["answers"]]
        assert len(needles) >= 13
        assert len(answers) >= 2
        before, beside = looked_through(tmp_path, env)
        assert all(needle in before for needle in needles)
        done = json.loads(run(env, "tests.support.act", "purge_later"))
        assert done == {"purged": 2, "scrubbed": True}
        after, beside_after = looked_through(tmp_path, env)
        assert not [needle for needle in needles if needle in after]
        for held in (before, beside, after, beside_after):
            assert not [words for words in answers if words in held]
        assert kept["reference"].encode() in after
