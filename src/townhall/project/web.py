"""The web process: granian around our door. `serve` starts it; so may a container."""

import os
import time
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from townhall.project import arrival, exposure, lifeline, logs, together

# Connections at once. One that waits costs an open file, of which a process is often allowed 1,024.
CONNECTIONS = 768
LONGEST_HEADERS = 64 * 1024


class Draining(MPServer):
    """Asked to stop, it first says so to whoever asks `/health/ready`, and answers a while longer.

    Whoever sends people here then has the time to send them elsewhere.
    """

    sign: Path
    seconds: float

    def shutdown(self, exit_code: int = 0) -> None:
        """Say that it stops, wait, and stop."""
        if self.seconds:
            self.sign.touch()
            time.sleep(self.seconds)
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def run(host: str, port: int) -> None:
    """Answer requests at `host:port` until told to stop.

    Raises SystemExit where `serve`, which nobody need have asked, would not have begun.
    """
    for reason in exposure.refusals_alone(host, os.environ):
        raise SystemExit(f"web: {reason}")
    lifeline.follow_parent()
    # Granian starts the process that holds the application; it is to follow this one.
    os.environ.update(lifeline.environment_for_children())
    with together.counting_together():
        _serve(host, port)


def _serve(host: str, port: int) -> None:
    Draining.sign, Draining.seconds = together.sign_of_stopping(), together.seconds_to_drain()
    Draining(
        "townhall.project.door:answer",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # By HTTP/2 one connection could hold hundreds of bodies (bodies.py); proxies speak 1.1.
        http=HTTPModes.http1,
        workers=int(os.environ.get("TOWNHALL_WEB_PROCESSES", "1")),
        backpressure=CONNECTIONS,
        websockets=False,
        http1_settings=HTTP1Settings(
            header_read_timeout=arrival.seconds(os.environ) * 1_000, max_buffer_size=LONGEST_HEADERS
        ),
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=logs.for_the_web_server(os.environ),
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


if __name__ == "__main__":
    run(os.environ.get("TOWNHALL_HOST", "127.0.0.1"), int(os.environ.get("TOWNHALL_PORT", "8000")))
