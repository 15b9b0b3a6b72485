"""What hostile files and hostile addresses do to the site; every file gets a sentence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from time import monotonic

from articles.images import darkroom
from articles.images.client import NotFetched, fetch
from articles.images.darkroom import Refused, develop
from articles.images.recipe import Focus
from tests.images.drawn import drawn
from tests.images.hostile_addresses import ADDRESSES, REDIRECTS, RESOLVED
from tests.images.hostile_files import hostile, mutations
from tests.images.hosts import PUBLIC, Hosts, hosts

from .figure import Figure

MUTATIONS = int(os.environ.get("NEWSROOM_BENCH_MUTATIONS", "10000"))
GOOD = "http://pictures.example/a.jpg"


def figures() -> Iterator[Figure]:
    yield from _of_files()
    yield from _of_addresses()


def _of_files() -> Iterator[Figure]:
    count = silent = died = peak = 0
    longest, worst = 0.0, ""
    for name, data in chain(hostile(), mutations(MUTATIONS)):
        count += 1
        before, began = darkroom.process(), monotonic()
        try:
            develop(data, "picture", Focus())
        except Refused as refusal:
            silent += not (str(refusal).startswith("It ") and str(refusal).endswith("."))
        seconds = monotonic() - began
        died += before is not None and darkroom.process() != before
        peak = max(peak, darkroom.last_peak())
        if seconds > longest:
            longest, worst = seconds, name
    yield Figure.at_most(f"{count:,} hostile files: servers that died", died, 0)
    yield Figure.at_most("hostile files: answered without a sentence", silent, 0)
    # The decoder is ended after ten seconds; what is told here is what whoever asked waited.
    yield Figure.at_most(f"hostile files: longest ({worst})"[:52], longest, 10.5, "s")
    yield Figure.at_most("hostile files: most memory", peak / 1_000_000, 512, "MB")


def _of_addresses() -> Iterator[Figure]:
    inside = answered = 0
    with hosts() as net:
        net.give("/a.jpg", drawn())
        for address in ADDRESSES:
            answered += not _is_refused(net, address)
            inside += len(net.connected)
        for address in REDIRECTS:
            net.give("/on", status=302, Location=address)
            answered += not _is_refused(net, "http://pictures.example/on")
            inside += sum(host != PUBLIC for host, _ in net.connected)
        for addresses in RESOLVED:
            net.names["pictures.example"] = [addresses]
            answered += not _is_refused(net, GOOD)
            inside += len(net.connected)
        net.names["pictures.example"] = [[PUBLIC], ["127.0.0.1"]]
        fetch(GOOD, net.network)
        inside += sum(host != PUBLIC for host, _ in net.connected)
    count = len(ADDRESSES) + len(REDIRECTS) + len(RESOLVED) + 1
    yield Figure.at_most(f"{count} hostile addresses: connections inside", inside, 0)
    yield Figure.at_most("hostile addresses: pictures that came of them", answered, 0)


def _is_refused(net: Hosts, address: str) -> bool:
    net.connected.clear()
    try:
        fetch(address, net.network)
    except NotFetched:
        return True
    return False
