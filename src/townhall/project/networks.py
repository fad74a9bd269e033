"""Networks as a setting names them."""

from collections.abc import Mapping
from ipaddress import ip_network

from townhall.project.limits.addresses import Network, networks

THIS_MACHINE: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def read(name: str, environ: Mapping[str, str]) -> tuple[Network, ...]:
    """Read the networks that a variable lists; raises ValueError naming the variable."""
    try:
        return networks(environ.get(name, ""))
    except ValueError:
        raise ValueError(f"{name} is a list of networks, such as 10.0.0.0/8") from None
