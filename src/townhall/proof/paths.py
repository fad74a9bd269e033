"""Which of the files and folders that somebody named hold services."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from townhall.engine.faults import Fault, Place
from townhall.engine.library import NOT_SERVICES

ENDINGS = (".yaml", ".yml", ".json")


def services_at(paths: Iterable[Path]) -> tuple[list[Path], list[Fault]]:
    """Give the definitions at ``paths``, each once, and a fault for each path without any.

    A shell's ``*.yaml`` names council.yaml and fees.yaml too: beside a service that was named they
    are read with it, and are no fault.
    """
    asked = list(paths)
    held = {path: _held(path) for path in asked}
    files = list(dict.fromkeys(file for path in asked for file in held[path]))
    folders = {file.parent for file in files}
    empty = [path for path in held if not held[path]]
    return files, [
        Fault("no-service", _why(path), "Check the path.", Place(str(path)))
        for path in empty
        if not (_is_settings(path) and path.parent in folders)
    ]


def is_service(file: Path) -> bool:
    """Tell a definition from what else stands in a folder of services."""
    return file.suffix in ENDINGS and file.name not in NOT_SERVICES and file.is_file()


def _held(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if is_service(file))
    return [path] if path.exists() and not _is_settings(path) else []


def _is_settings(path: Path) -> bool:
    return path.name in NOT_SERVICES and path.is_file()


def _why(path: Path) -> str:
    if path.is_dir():
        return f"{path} holds no service."
    if _is_settings(path):
        return f"{path} holds settings: it is read with each service beside it."
    return f"{path} is not there."
