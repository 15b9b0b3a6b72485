"""The one way in which the site asks other hosts for anything: public addresses only.

A name is resolved once, what it resolves to is looked at, and the connection goes to the very
address that was looked at. Every redirect begins anew.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpcore
import idna

PORTS = {"http": 80, "https": 443}
_NAT64 = ip_network("64:ff9b::/96")
_SPECIAL = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))
"""Assigned to protocols; not every Python says that they are not global."""
_IN_PATHS = "/%:@!$&'()*+,;=~-._"


class NotAllowed(ValueError):
    """An address that is never asked, as a sentence."""


class Unreachable(OSError):
    """What did not answer this time, as a sentence."""


def _resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def _connected(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), seconds)


@dataclass(frozen=True, slots=True)
class Network:
    """How names are resolved, and addresses that passed are connected to; tests have their own."""

    resolve: Callable[[str, int], list[str]] = _resolved
    connect: Callable[[str, int, float], socket.socket] = _connected
    tls: Callable[[], ssl.SSLContext] = httpcore.default_ssl_context


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked: its parts as they are sent, `host` in ASCII."""

    scheme: str
    host: str
    path: str

    @property
    def port(self) -> int:
        return PORTS[self.scheme]


def target(address: str) -> Target:
    """The parts of an address; raises NotAllowed for one that is never asked."""
    if "\\" in address or min(address, default=" ") < " ":
        raise NotAllowed("Its address has characters that are read in more than one way.")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed("Its address cannot be read.") from None
    if parts.scheme not in PORTS:
        raise NotAllowed("Only http and https addresses are asked.")
    if "@" in parts.netloc:
        raise NotAllowed("Its address names a user.")
    if port not in (None, PORTS[parts.scheme]):
        raise NotAllowed(f"Only the usual ports are asked, not {port}.")
    path = quote(parts.path or "/", safe=_IN_PATHS)
    query = f"?{quote(parts.query, safe=_IN_PATHS + '?')}" if parts.query else ""
    return Target(parts.scheme, _host(host), path + query)


def followed(address: str, location: str) -> str:
    """Where a redirect leads; raises NotAllowed."""
    try:
        return urljoin(address, location)
    except ValueError:
        raise NotAllowed("It redirects to an address that cannot be read.") from None


def _host(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        name = idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise NotAllowed("Its host has no name that can be looked up.") from None
    last = name.rstrip(".").rpartition(".")[2]
    if not last or last.isdigit() or last.startswith("0x") or "." not in name.rstrip("."):
        # Numbers that only the system's resolver reads as an address, and names of this network.
        raise NotAllowed("Its host is no name of the public network.")
    return name


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, also by what is hidden in it."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped or found.sixtofour or found.teredo:
            return False
        if found in _NAT64:
            found = IPv4Address(int(found) & 0xFFFFFFFF)
    is_special = any(found in network for network in _SPECIAL)
    return found.is_global and not (is_special or found.is_multicast or found.is_reserved)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to what was looked at, until a moment (`monotonic`) and not beyond."""

    def __init__(self, network: Network, until: float) -> None:
        self._network, self._until = network, until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises NotAllowed, Unreachable."""
        addresses = list(dict.fromkeys(self._resolve(host, port)))
        if not addresses or not all(map(is_public, addresses)):
            raise NotAllowed(f"{host} is not on the public network.")
        for address in addresses:
            try:
                connected = self._network.connect(address, port, left(self._until))
                return _Stream(connected, self._until)
            except OSError as error:
                failed = error
        raise Unreachable(f"{host} cannot be reached: {failed}.") from failed

    def _resolve(self, host: str, port: int) -> list[str]:
        with suppress(ValueError):
            return [str(ip_address(host.strip("[]")))]
        # The system's resolver knows no deadline of ours; a thread that it keeps is left to it.
        pool = ThreadPoolExecutor(1)
        try:
            return pool.submit(self._network.resolve, host, port).result(left(self._until))
        except TooLong:
            raise Unreachable(f"The name {host} took too long to look up.") from None
        except OSError:
            raise Unreachable(f"The name {host} cannot be looked up.") from None
        finally:
            pool.shutdown(wait=False)


def left(until: float) -> float:
    """Seconds until a moment; raises Unreachable when it has passed."""
    found = until - monotonic()
    if found <= 0:
        raise Unreachable("It took too long.")
    return found


class _Stream(httpcore.NetworkStream):
    """A socket whose every step ends by one moment, however slowly the other side drips."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._socket, self._until = connected, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._socket.settimeout(left(self._until))
        return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._socket.settimeout(left(self._until))
        self._socket.sendall(buffer)

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        self._socket.settimeout(left(self._until))
        wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        return _Stream(wrapped, self._until)
