"""Networks as the environment names them."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network
THIS_MACHINE: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def read(name: str, environ: Mapping[str, str]) -> tuple[Network, ...]:
    """Read networks and addresses divided by commas or spaces; raises ValueError naming the
    variable.
    """
    try:
        return tuple(ip_network(one) for one in environ.get(name, "").replace(",", " ").split())
    except ValueError:
        raise ValueError(f"{name} is a list of networks, such as 10.0.0.0/8") from None
