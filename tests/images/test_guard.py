"""The site asks the public network for pictures, and nothing else for anything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from articles.images import client
from articles.images.client import NotFetched, fetch
from articles.images.guard import is_public, target

from .drawn import drawn
from .hostile_addresses import ADDRESSES, REDIRECTS, RESOLVED
from .hosts import PUBLIC, Hosts, hosts

GOOD = "http://pictures.example/a.jpg"


@pytest.fixture
def net() -> Iterator[Hosts]:
    with hosts() as found:
        found.give("/a.jpg", drawn())
        yield found


def why(address: str, net: Hosts) -> NotFetched:
    with pytest.raises(NotFetched) as refusal:
        fetch(address, net.network)
    assert str(refusal.value).endswith(".")
    return refusal.value


def test_a_picture_is_fetched_from_the_address_that_was_looked_at(net: Hosts):
    assert fetch(GOOD, net.network) == drawn()
    assert net.connected == [(PUBLIC, 80)]
    assert net.asked == [("pictures.example", "/a.jpg")]


def test_spaces_and_letters_of_any_script_are_sent_as_browsers_do(net: Hosts):
    net.give("/m%C3%B6we%20eins.jpg?w=1&h=a%20b", drawn())
    assert fetch("http://bücher.example/möwe eins.jpg?w=1&h=a%20b", net.network)
    assert net.asked == [("xn--bcher-kva.example", "/m%C3%B6we%20eins.jpg?w=1&h=a%20b")]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_leads_inside(net: Hosts, address: str):
    assert why(address, net).is_final
    assert net.connected == []


@pytest.mark.parametrize("address", REDIRECTS)
def test_no_redirect_leads_inside(net: Hosts, address: str):
    net.give("/on", status=302, Location=address)
    failure = why("http://pictures.example/on", net)
    # Without a host it stays at the public one.
    expected = 2 if address.startswith("//") else 1
    assert len(net.connected) == expected
    assert {host for host, _ in net.connected} == {PUBLIC}
    assert failure.is_final


@pytest.mark.parametrize("addresses", RESOLVED)
def test_no_name_leads_inside(net: Hosts, addresses: list[str]):
    net.names["pictures.example"] = [addresses]
    assert why(GOOD, net).is_final
    assert net.connected == []


def test_a_name_that_is_bound_anew_between_look_and_connection_changes_nothing(net: Hosts):
    net.names["pictures.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert fetch(GOOD, net.network) == drawn()
    assert net.connected == [(PUBLIC, 80)]
    assert why(GOOD, net).is_final
    assert net.connected == [(PUBLIC, 80)]


def test_a_redirect_is_followed_a_few_times(net: Hosts):
    net.give("/moved", status=301, Location="/a.jpg")
    net.give("/round", status=302, Location="/round")
    assert fetch("http://pictures.example/moved", net.network) == drawn()
    assert "redirects more than 4 times" in str(why("http://pictures.example/round", net))
    assert len(net.asked) == 7


def test_only_what_begins_as_a_picture_is_read(net: Hosts):
    net.give("/a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Content_Type="image/jpeg")
    net.give("/empty", b"")
    assert "no JPEG" in str(why("http://pictures.example/a.svg", net))
    assert why("http://pictures.example/empty", net).is_final


def test_too_much_is_not_read(net: Hosts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "MOST_BYTES", 1_000_000)
    read = []

    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(drawn() + bytes(100_000))
                read.append(1)
        except OSError:
            pass

    net.pages["/endless"] = endless
    net.give("/large", drawn(), Content_Length="99000000")
    assert "more than 1 MB" in str(why("http://pictures.example/endless", net))
    assert "99.0 MB" in str(why("http://pictures.example/large", net))


def test_what_is_packed_is_not_unpacked(net: Hosts):
    net.give("/packed", drawn(), Content_Encoding="gzip")
    assert "packs" in str(why("http://pictures.example/packed", net))


def test_a_host_that_drips_is_given_up(net: Hosts, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "SECONDS", 1)

    def drip(handler: Any) -> None:
        try:
            for letter in "HTTP/1.1 200 OK\r\nX-Slow: " + "a" * 100:
                handler.wfile.write(letter.encode())
                time.sleep(0.1)
        except OSError:
            pass

    net.pages["/drip"] = drip
    started = time.monotonic()
    assert not why("http://pictures.example/drip", net).is_final
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("status", "is_final"), [(404, True), (403, True), (500, False), (503, False), (429, False)]
)
def test_what_a_host_answers_is_said(net: Hosts, status: int, is_final: bool):
    net.give("/gone", status=status, Retry_After="120")
    failure = why("http://pictures.example/gone", net)
    assert (str(failure), failure.is_final) == (f"Its host answers {status}.", is_final)
    assert failure.wait == (0 if is_final else 120)


def test_a_host_that_breaks_off_is_asked_again(net: Hosts):
    net.pages["/broken"] = lambda handler: handler.connection.close()
    assert not why("http://pictures.example/broken", net).is_final


def test_a_host_over_tls_needs_a_valid_certificate(net: Hosts):
    assert not why("https://pictures.example/a.jpg", net).is_final
    assert net.connected == [(PUBLIC, 443)]
    assert net.asked == []


def test_public_addresses_are_public():
    assert all(map(is_public, ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822")))
    assert target("http://93.184.216.34/a").host == "93.184.216.34"
