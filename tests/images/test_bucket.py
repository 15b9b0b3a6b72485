"""Pictures lie in a bucket as they do in a folder: over HTTP, in what speaks as S3 does."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socket import create_connection, socket
from subprocess import DEVNULL, Popen
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from articles.images import housekeeping, store
from articles.images.cards import card_of
from articles.images.cards import drawn as drawn_card
from articles.images.rendering import forget, kept, names_of
from newsroom.stores import picture_hosts, picture_store
from tests.public.conftest import publish

from .drawn import drawn, opened
from .kept import ADDRESS, keep_at

BUCKET = "newsroom-pictures"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a server that speaks as S3 does, a process of its own: it takes long to
    import, which every process that collects tests would do."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = Popen(command, stdout=DEVNULL, stderr=DEVNULL)
    for _ in range(300):
        with suppress(OSError), create_connection(("127.0.0.1", port), 1):
            break
        sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.kill()
    server.wait()


@pytest.fixture
def bucket(endpoint: str, settings: Any, media: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty bucket, which the settings name."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "a-key")
    named = picture_store(f"s3://{BUCKET}?endpoint_url={endpoint}&region_name=us-east-1")
    settings.STORAGES = settings.STORAGES | {"pictures": named}
    found: Any = storages["pictures"]
    found.bucket.create()
    found.bucket.objects.all().delete()
    return found.bucket


def addresses(client: Client) -> set[str]:
    """The addresses of pictures on a story's page."""
    article = publish(images=[{"url": ADDRESS}])
    text = client.get(f"/news/{article.slug}/").content.decode()
    return set(re.findall(r'(?:https:)?/[^" ]*pictures/[0-9a-f]{2}/[^" ,]+', text))


@pytest.mark.django_db
def test_a_bucket_holds_originals_renditions_and_cards_and_no_folder_does(bucket: Any, media: Path):
    picture = keep_at()
    article = publish()
    assert drawn_card(card_of(article.title, article.provider), article.pk)
    found = {one.key: one.Object() for one in bucket.objects.all()}
    assert set(names_of(picture)) < found.keys()
    assert {name.partition("/")[0] for name in found} == {"pictures", "originals", "cards"}
    assert not [path for path in media.rglob("*") if path.is_file() and ".locks" not in path.parts]
    for name, one in found.items():
        end = name.rpartition(".")[2]
        assert one.content_type == {"jpg": "image/jpeg"}.get(end, f"image/{end}")
        assert one.cache_control == "public, max-age=31536000, immutable"
    assert opened(kept(picture) or b"").size == (640, 360)


@pytest.mark.django_db
def test_readers_are_served_from_a_bucket_that_they_may_not_read(bucket: Any, client: Client):
    keep_at()
    shown = addresses(client)
    assert len(shown) > 3
    for address in {path for path in shown if path.startswith("/media/")}:
        answer = client.get(address)
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["Content-Security-Policy"] == "default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert opened(answer.content).size[0] > 0
    lost = next(path for path in shown if "wide-640" in path)
    bucket.Object(lost.removeprefix("/media/")).delete()
    assert client.get(lost).status_code == 200


@pytest.mark.django_db
def test_a_bucket_is_looked_after_as_a_folder_is(bucket: Any):
    picture = keep_at()
    assert list(housekeeping.check()) == []
    one, other = list(names_of(picture))[:2]
    store.delete(one)
    store.delete(other)
    store.put(other, b"spoiled")
    store.put("pictures/aa/stray.jpg", b"stray")
    assert {fault.what for fault in housekeeping.check()} == {"missing", "broken", "orphaned"}
    assert [made for _, made in housekeeping.rebuild(is_all=True)] == [True]
    late = timezone.now() + 2 * housekeeping.YOUNG
    assert "of no picture: pictures/aa/stray.jpg" in housekeeping.prune(late)
    assert [one.key for one in bucket.objects.all()] == []


@pytest.mark.django_db
def test_what_is_forgotten_is_gone_from_the_bucket(bucket: Any):
    forget(keep_at(data=drawn(size=(320, 180))))
    assert [one.key for one in bucket.objects.all()] == []
    with pytest.raises(FileNotFoundError):
        store.read("originals/none.jpg")


@pytest.mark.django_db
def test_pages_name_the_domain_that_stands_before_the_bucket(
    bucket: Any, settings: Any, client: Client, endpoint: str
):
    named = f"s3://{BUCKET}?endpoint_url={endpoint}&custom_domain=media.example.org"
    settings.STORAGES = settings.STORAGES | {"pictures": picture_store(named)}
    keep_at()
    shown = addresses(client)
    assert len(shown) > 3
    assert all(one.startswith("https://media.example.org/pictures/") for one in shown)


def test_the_setting_reads_like_an_address():
    assert picture_store("")["BACKEND"] == "articles.images.store.WholeFiles"
    said = "s3://pics?endpoint_url=https%3A%2F%2Fs3.example.org&location=news&use_ssl=false"
    options = picture_store(said)["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("pics", "news")
    assert (options["endpoint_url"], options["use_ssl"]) == ("https://s3.example.org", False)
    assert options["querystring_auth"] is False
    assert picture_hosts(said) == picture_hosts("") == []
    assert picture_hosts("s3://pics?custom_domain=a.example/b") == ["https://a.example"]


@pytest.mark.parametrize(
    "said",
    ["https://s3.example.org/pics", "s3://", "s3://key:secret@pics", "s3://pics/folder", "pics"],
)
def test_what_names_no_bucket_is_refused(said: str):
    with pytest.raises(ImproperlyConfigured, match="should read like s3://bucket"):
        picture_store(said)


def test_a_setting_that_the_bucket_does_not_know_is_refused(settings: Any):
    named = picture_store("s3://pics?endpont_url=https://s3.example.org")
    settings.STORAGES = settings.STORAGES | {"pictures": named}
    with pytest.raises(ImproperlyConfigured, match="endpont_url"):
        storages["pictures"]
