"""Connections to a stranger's server: the address is checked and then used, and time is bounded.

A name is looked up once and the connection goes to the very address that was checked, so an answer
that changes between the check and the call (DNS rebinding) changes nothing. TLS still proves the
name.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

from townhall.notify.addresses import IpAddress, is_public

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class RefusedAddress(httpcore.ConnectError):
    """A name that leads to an address which this sender may not reach."""


class OutOfTime(httpcore.TimeoutException):
    """The whole exchange took longer than it may."""


class CheckedBackend(httpcore.NetworkBackend):
    """Connects only to public addresses, or to networks that the operator allows for this one."""

    def __init__(self, *, seconds: float, allowed: Sequence[Network] = ()) -> None:
        """`seconds`: for everything, from the look-up to the reply's last byte."""
        self._ends = time.monotonic() + seconds
        self._allowed = tuple(allowed)
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a name all of whose addresses may be reached."""
        address = self.checked(host, port)
        made = self._backend.connect_tcp(
            str(address), port, self._left(), local_address, socket_options
        )
        return _Bounded(made, self._left)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: a webhook goes to a network address."""
        raise RefusedAddress

    def checked(self, host: str, port: int) -> IpAddress:
        """The address to use. Raises RefusedAddress if any address of the name is not allowed."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError from None
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not addresses or not all(self._may_reach(one) for one in addresses):
            raise RefusedAddress
        return addresses[0]

    def _may_reach(self, address: IpAddress) -> bool:
        return is_public(address) or any(address in network for network in self._allowed)

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return left


class _Bounded(httpcore.NetworkStream):
    """A stream whose every step has only the time that is left: a drip of bytes ends too."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        made = self._stream.start_tls(ssl_context, server_hostname, self._left())
        return _Bounded(made, self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
