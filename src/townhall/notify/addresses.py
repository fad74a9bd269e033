"""Mail addresses and IP addresses: which may be used at all. Plain values in, plain values out."""

import ipaddress
import re
from collections.abc import Iterable

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Stricter than RFC 5322 on purpose: no quoted local part, no comment, no second address.
MAIL = re.compile(
    r"(?P<local>[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\"]{1,64})@"
    r"(?P<domain>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_])"
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def mail_domain(address: str) -> str | None:
    """The domain of a mail address in lower case, or None where it is not one plain address."""
    found = MAIL.fullmatch(address) if len(address) <= 254 else None
    return found["domain"].lower() if found else None


def with_ascii_domain(address: str) -> str:
    """The address with its domain as the name service and any mail server write it (IDNA)."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def mail_is_allowed(address: str, domains: Iterable[str]) -> bool:
    """Whether the operator's list of mail domains holds this address's domain, exactly."""
    domain = mail_domain(address)
    return domain is not None and domain in {one.lower() for one in domains}


def host_is_allowed(host: str, hosts: Iterable[str]) -> bool:
    """Whether the operator's list of hosts holds this one, exactly."""
    return host.lower().rstrip(".") in {one.lower() for one in hosts}


def is_public(address: IpAddress) -> bool:
    """Whether an address is out on the internet, and so is any address that it carries inside.

    Refused: loopback, private, link-local (the cloud's metadata address is one), multicast,
    reserved and unspecified addresses, and IPv6 addresses that stand for such an IPv4 one
    (IPv4-mapped, 6to4, Teredo, NAT64).
    """
    return all(_is_plainly_public(one) for one in (address, *_carried(address)))


def _is_plainly_public(address: IpAddress) -> bool:
    refused = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not refused


def _carried(address: IpAddress) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    teredo = address.teredo or ()
    nat64 = [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)] if address in NAT64 else []
    inside = [address.ipv4_mapped, address.sixtofour, *teredo, *nat64]
    return [one for one in inside if one is not None]
