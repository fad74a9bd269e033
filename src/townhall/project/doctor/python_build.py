"""How the Python that runs us was built: without its optimisations each page costs more."""

import platform
import shlex
import sysconfig
from collections.abc import Collection
from dataclasses import dataclass

ASKED_FOR = "--enable-optimizations"
# An install scheme that only Debian's and Ubuntu's own Pythons have. They are built with
# `make profile-opt` on every architecture in wide use, and the trace is then taken out of what
# sysconfig tells (debian/rules of python3.11: `with_pgo`, `sysconfig_substflags`).
OF_DEBIAN = "deb_system"


@dataclass(frozen=True)
class PythonBuild:
    """One Python: its version, its compiler, and whether it was built with its optimisations.

    ``optimised`` means guided by a profile of what Python does, which counts for most. It is None
    where a Python does not say.
    """

    version: str
    compiler: str
    optimised: bool | None


def this() -> PythonBuild:
    """Look at the Python that runs this."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS")
    found = optimised(arguments, sysconfig.get_scheme_names())
    return PythonBuild(platform.python_version(), platform.python_compiler(), found)


def optimised(arguments: str | None, schemes: Collection[str]) -> bool | None:
    """Tell by the arguments of its `configure` and the names of its install schemes."""
    if OF_DEBIAN in schemes:
        return True
    if arguments is None:
        return None
    return ASKED_FOR in shlex.split(arguments)
