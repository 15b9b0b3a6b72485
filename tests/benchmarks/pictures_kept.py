"""`with_django pictures_kept CONTENT COPY`: imports, keeps, brings and describes, exports."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from articles.exchange import ExportOptions, ImportOptions, run_export, run_import
from articles.images.assets import main_address
from articles.images.bringing import bring, describe
from articles.images.keeping import source_of, take
from articles.images.recipe import Focus
from articles.models import Article, PictureKind
from tests.factories import make_user
from tests.images.drawn import drawn


def main(content: str, copy: str) -> None:
    run_import([Path(content)], ImportOptions())
    sol, now = make_user("superuser"), timezone.now()
    for number, article in enumerate(Article.objects.order_by("slug")):
        if address := main_address(article.images):
            data = drawn(size=(320, 180 + number))
            take(source_of(PictureKind.PICTURE, address), data, now)
        if number % 5 == 0 and article.state != "withdrawn":
            bring(article, drawn(size=(640, 360 + number)), sol, is_waiting=True)
            said = {"alt": "A quay", "attribution": "Ana"}
            describe(article, sol, **said, focus=Focus(10, 20), is_waiting=True)
    run_export(Path(copy), ExportOptions())
