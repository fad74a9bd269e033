"""Whose request it is, as far as its address can say."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
MAPPED = bytes(10) + b"\xff\xff"
# What a household or a machine is given in IPv6, which it may change within as it likes.
PREFIX = 8


def client_address(peer: str, forwarded: str, proxies: int) -> bytes | None:
    """Give the address that asked, packed; None where what should be one cannot be read.

    `peer` is who connected to us and `forwarded` the X-Forwarded-For that came. Each of our own
    `proxies` adds whom it was asked by at the right, so what stands further left is anybody's word.
    """
    if not (proxies and forwarded):
        return packed(peer)
    chain = [*forwarded.split(","), peer]
    return packed(chain[max(0, len(chain) - 1 - proxies)])


def packed(address: str) -> bytes | None:
    """Pack an address into 4 or 16 bytes; one with a port or a zone, or IPv4 within IPv6, too."""
    try:
        return socket.inet_pton(socket.AF_INET, address)
    except (OSError, ValueError):
        return _packed(address)


def _packed(address: str) -> bytes | None:
    bare = address.strip().partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    try:
        found = socket.inet_pton(family, bare)
    except (OSError, ValueError):
        return None
    return found.removeprefix(MAPPED) if len(found) == len(MAPPED) + 4 else found


def who(address: bytes) -> bytes:
    """Give what is counted as one client: an IPv4 address, or the /64 of an IPv6 one."""
    return address[:PREFIX]


def within(address: bytes, networks: Sequence[Network]) -> bool:
    """Whether an address is in one of these networks."""
    return any(ip_address(address) in network for network in networks)


def networks(text: str) -> tuple[Network, ...]:
    """Read networks and addresses divided by commas or spaces. Raises ValueError."""
    return tuple(ip_network(one) for one in text.replace(",", " ").split())
