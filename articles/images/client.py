"""Asks another host for a picture, through the guard, within limits on time and bytes."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from time import monotonic

import httpcore
from django.conf import settings

from .darkroom import MOST_BYTES, Refused, format_of
from .guard import GuardedBackend, Network, NotAllowed, Target, Unreachable, followed, target

SECONDS = 10
"""For one picture, its redirects among them."""
REDIRECTS = 4
ENOUGH = 16
"""Bytes by which the format of a picture is known."""
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
MOVED = frozenset({301, 302, 303, 307, 308})
LONGEST_WAIT = 86_400

Headers = Mapping[str, str]


class NotFetched(Exception):
    """Why there is no picture, as a sentence. `is_final`: asking again would not help; else not
    before `wait` seconds, where the host said so."""

    def __init__(self, why: str, *, is_final: bool, wait: int = 0) -> None:
        super().__init__(why)
        self.is_final, self.wait = is_final, wait


def fetch(address: str, network: Network | None = None) -> bytes:
    """The bytes at an address, which begin as a picture does; raises NotFetched."""
    network, until = network or Network(), monotonic() + SECONDS
    try:
        for _ in range(REDIRECTS + 1):
            location, data = _asked(target(address), network, until)
            if not location:
                return data
            address = followed(address, location)
    except (NotAllowed, Refused) as refusal:
        raise NotFetched(str(refusal), is_final=True) from None
    except ssl.SSLCertVerificationError:
        raise NotFetched("Its host has no valid certificate.", is_final=False) from None
    except Unreachable as failed:
        raise NotFetched(str(failed), is_final=False) from None
    except (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
        raise NotFetched("Its host broke off.", is_final=False) from None
    raise NotFetched(f"It redirects more than {REDIRECTS} times.", is_final=True)


def _asked(asked: Target, network: Network, until: float) -> tuple[str, bytes]:
    """(where it leads on, nothing) or (nothing, the bytes)."""
    headers: dict[bytes | str, bytes | str] = {
        "Host": asked.host,
        "User-Agent": f"Newsroom (+{settings.SITE_URL}/about/)",
        "Accept": "image/avif,image/webp,image/jpeg,image/png,image/gif",
        # What is packed may unpack to anything.
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    host = f"[{asked.host}]" if ":" in asked.host else asked.host
    url = httpcore.URL(
        scheme=asked.scheme.encode(), host=host.encode(), port=asked.port, target=asked.path
    )
    with (
        httpcore.ConnectionPool(
            ssl_context=network.tls(), network_backend=GuardedBackend(network, until)
        ) as pool,
        pool.stream("GET", url, headers=headers) as answer,
    ):
        said = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in answer.headers
        }
        if answer.status in MOVED and "location" in said:
            return said["location"], b""
        _check(answer.status, said)
        return "", _read(answer)


def _check(status: int, said: Headers) -> None:
    if status in LATER:
        wait = said.get("retry-after", "")
        seconds = min(int(wait), LONGEST_WAIT) if wait.isdigit() else 0
        raise NotFetched(f"Its host answers {status}.", is_final=False, wait=seconds)
    if status != 200:
        raise NotFetched(f"Its host answers {status}.", is_final=True)
    if said.get("content-encoding", "identity") != "identity":
        raise NotFetched("Its host packs what was asked for unpacked.", is_final=True)
    size = said.get("content-length", "")
    if size.isdigit() and int(size) > MOST_BYTES:
        raise Refused(f"It has {int(size) / 1e6:.1f} MB; {MOST_BYTES // 10**6} are the most.")


def _read(answer: httpcore.Response) -> bytes:
    data = bytearray()
    is_known = False
    for piece in answer.iter_stream():
        data += piece
        if not is_known and len(data) >= ENOUGH:
            format_of(bytes(data[:ENOUGH]))
            is_known = True
        if len(data) > MOST_BYTES:
            raise Refused(f"It has more than {MOST_BYTES // 10**6} MB.")
    format_of(bytes(data[:ENOUGH]))
    return bytes(data)
