"""What every test shares; it runs where Django is not installed, so it imports no Django."""

import os

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler.loadscope import LoadScopeScheduling

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=SLOW_IS_FINE
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


# Files whose tests share something that takes seconds to set up: one process takes all of a file.
WHOLE = (
    "house/test_wheel.py",
    "project/test_flood.py",
    "proof/test_hostile.py",
    "reliability/test_backup.py",
    "reliability/test_disk.py",
)


class OneByOne(LoadScopeScheduling):
    """Each process takes the next test when it is done with one, or the next file that is WHOLE."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return file if file.endswith(WHOLE) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Used whenever tests are shared out, whatever `--dist` says."""
    config.option.loadscopereorder = False
    return OneByOne(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that none of it is left to run alone at the end.

    What starts whole processes goes before what does not; beyond that the order is as drawn.
    """
    items.sort(key=lambda item: (-_seconds(item), item.get_closest_marker("kill") is None))


def _seconds(item):
    marker = item.get_closest_marker("long")
    return marker.args[0] if marker else 0


def pytest_sessionfinish(session):
    """A skipped test has proved nothing, so a run with one has failed.

    A test that cannot run somewhere is not collected there, which whoever leaves it out decides.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = 1
