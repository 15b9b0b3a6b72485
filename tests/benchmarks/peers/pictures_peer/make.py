"""Makes renditions as a peer does and prints the CPU of each photograph, as JSON:
`python -m pictures_peer.make wagtail|thumbnails FOLDER COUNT RENDITIONS`."""

import json
import os
import sys
from pathlib import Path
from time import process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pictures_peer.settings")
django.setup()

from django.core.files import File  # noqa: E402
from django.core.management import call_command  # noqa: E402
from easy_thumbnails.files import get_thumbnailer  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402

FORMATS = {"jpg": "jpeg", "webp": "webp", "avif": "avif"}
OPTION = {"jpg": "jpegquality", "webp": "webpquality", "avif": "avifquality"}


def wagtail(path, wanted):
    with path.open("rb") as file:
        image = get_image_model().objects.create(title=path.stem, file=File(file, path.name))
    for width, height, kind, quality in wanted:
        image.get_rendition(
            f"fill-{width}x{height}|format-{FORMATS[kind]}|{OPTION[kind]}-{quality}"
        )


def thumbnails(path, wanted):
    with path.open("rb") as file:
        thumbnailer = get_thumbnailer(File(file, path.name), relative_name=path.name)
        for width, height, kind, quality in wanted:
            options = {"size": (width, height), "crop": True, "quality": quality, "upscale": False}
            if kind == "avif":
                # Its own default is JPEG's way of saying the same.
                options["subsampling"] = "4:2:0"
            thumbnailer.thumbnail_extension = kind
            thumbnailer.get_thumbnail(options)


def main(way, folder, count, wanted):
    call_command("migrate", verbosity=0)
    paths = sorted(Path(folder).glob("*.jpg"))[: int(count)]
    began = process_time()
    for path in paths:
        globals()[way](path, json.loads(wanted))
    print(json.dumps({"cpu": (process_time() - began) / len(paths)}))


main(*sys.argv[1:])
