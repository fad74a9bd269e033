"""Putting a backup back: proven first, made ready beside what is there, then moved in place."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from townhall.project import preparation
from townhall.project.recovery import files
from townhall.project.recovery.backing_up import SPARE, store
from townhall.project.recovery.files import Watch
from townhall.project.recovery.manifest import FILES, Manifest, Part, damaged
from townhall.project.recovery.proving import prove
from townhall.project.recovery.refusals import Refused
from townhall.project.recovery.settling import Settled, settle
from townhall.project.recovery.store import Store

# To the microsecond, so that no two restores keep what was there under one name.
INSTANT = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class Restored:
    """What came back, and where what was there before is kept (nowhere: nothing was)."""

    manifest: Manifest
    settled: Settled
    aside: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Which backup is to go where, and whether what is there may be set aside."""

    folder: Path
    data: Path
    replace: bool


def restore(wanted: Wanted, *, by: str, at: datetime, watch: Watch) -> Restored:
    """Prove a backup and put it in place of nothing, or of what is then kept aside.

    Raises Refused, NoRecords and OSError; then what was there is there still.
    """
    said = prove(wanted.folder, watch)
    target = store()
    if said.database != target.kind:
        raise Refused(
            "other-database",
            f"this is a backup of {said.database}, and DATABASE_URL says {target.kind}.",
        )
    part = _database_of(said, target)
    _have_place(wanted.data, said, part, target)
    aside = f"{files.ASIDE}{at:{INSTANT}}".lower()
    with preparation.one_at_a_time(wanted.data), ExitStack() as ending:
        _refuse_to_overwrite(wanted)
        # Entered first, so that it ends last: files are in place before the rows that name them.
        moved = ending.enter_context(_files_coming(wanted, said, aside))
        kept = ending.enter_context(target.incoming(wanted.folder, part, aside, watch))
        settled = settle(said, by=by, at=at)
        moved.move()
    return Restored(said, settled, tuple(dict.fromkeys(filter(None, (kept, moved.kept)))))


def _database_of(said: Manifest, target: Store) -> Part:
    for part in said.parts:
        if part.name == target.part:
            return part
    raise damaged("it holds no database")


def _have_place(data: Path, said: Manifest, database: Part, target: Store) -> None:
    preparation.have_folder(data, create=True)
    files.have_room(*target.room(database.size))
    files.have_room(data, said.size - database.size + SPARE)


def _refuse_to_overwrite(wanted: Wanted) -> None:
    if wanted.replace:
        return
    there = ["a database"] if store().has_records() else []
    there += [f"{path}" for path in files.kept_in(wanted.data)[:1]]
    if there:
        raise Refused(
            "records-there",
            f"there are records already ({' and '.join(there)}, with {wanted.data}). Restore into "
            "an empty place, or say --replace: then what is there is kept beside it.",
        )


class _Coming:
    """Files that are ready in a stage, and may be moved in place and back."""

    def __init__(self, staged: Path, data: Path, aside: Path) -> None:
        self.staged, self.data, self.aside = staged, data, aside
        self.kept = ""
        self.moved: list[tuple[Path, Path]] = []

    def move(self) -> None:
        """Set aside what is there, and put each in its place."""
        for name in sorted({path.parts[0] for path in files.kept_in(self.data)}):
            self.aside.mkdir(mode=0o700, exist_ok=True)
            self.kept = str(self.aside)
            self._rename(self.data / name, self.aside / name)
        for path in sorted(self.staged.iterdir()):
            self._rename(path, self.data / path.name)
        files.flush_folders(self.data)

    def undo(self) -> None:
        """Have everything where it was."""
        for source, target in reversed(self.moved):
            target.rename(source)
        self.moved.clear()

    def _rename(self, source: Path, target: Path) -> None:
        source.rename(target)
        self.moved.append((source, target))


@contextmanager
def _files_coming(wanted: Wanted, said: Manifest, aside: str) -> Iterator[_Coming]:
    with files.stage(wanted.data) as stage:
        staged = stage / FILES
        staged.mkdir(mode=0o700)
        for part in said.parts:
            if part.name.startswith(f"{FILES}/"):
                files.copy_proven(wanted.folder, part, stage / part.name, lambda _: None)
        coming = _Coming(staged, wanted.data, wanted.data / aside)
        try:
            yield coming
        except BaseException:
            coming.undo()
            raise
