"""What one address may ask in a minute, as the environment says."""

from collections.abc import Mapping
from dataclasses import dataclass

from townhall.project.limits.addresses import Network, networks

# From one address, which a library, a mobile operator or a contact centre shares among hundreds.
A_MINUTE = {"pages": 1_200, "answers": 600, "starts": 120, "submissions": 60}
# This machine: without a stated number of proxies, one on this machine would be everybody.
THIS_MACHINE = "127.0.0.0/8 ::1"
MOST = 1_000_000
UNSAID = (
    "TOWNHALL_BEHIND_PROXY is set, so say with TOWNHALL_PROXIES how many proxies of yours a request"
    " passes: 1 where nginx or Caddy is set up as in deploy/ and nothing else of yours is before it"
    " (docs/running.md)"
)


@dataclass(frozen=True)
class Allowances:
    """How many a minute of each kind of work (0: no limit), and who is asked about by what.

    `proxies` is how many of the operator's own stand in front of us; None, on one's own machine,
    where nobody said how many, so that all would be taken for one client, and none is limited.
    """

    a_minute: Mapping[str, int]
    proxies: int | None
    exempt: tuple[Network, ...]

    @property
    def warnings(self) -> list[str]:
        """What an operator has to be told at the start."""
        if self.proxies is not None:
            return []
        return [f"nobody is limited in how often they may ask. {UNSAID}."]


def allowances_in(environment: Mapping[str, str], *, reachable: bool = False) -> Allowances:
    """Read the settings. Raises ValueError naming the one that cannot be read.

    Where other people can reach us (``reachable``), so does a proxy of which nobody said whether it
    is alone: one too few, and everybody is one client; one too many, and anybody is whoever they
    say.
    """
    counts = {
        kind: _number(environment, f"TOWNHALL_LIMIT_{kind.upper()}", usual, MOST)
        for kind, usual in A_MINUTE.items()
    }
    try:
        exempt = networks(environment.get("TOWNHALL_LIMIT_EXEMPT", THIS_MACHINE))
    except ValueError:
        raise ValueError(
            "TOWNHALL_LIMIT_EXEMPT must be addresses or networks such as 192.0.2.0/24"
        ) from None
    proxies = _number(environment, "TOWNHALL_PROXIES", 0, 9)
    unsaid = environment.get("TOWNHALL_BEHIND_PROXY") and not proxies
    if unsaid and reachable:
        raise ValueError(UNSAID)
    return Allowances(counts, None if unsaid else proxies, exempt)


def _number(environment: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise ValueError(f"{name} must be a whole number from 0 to {most}")
    return int(text)
