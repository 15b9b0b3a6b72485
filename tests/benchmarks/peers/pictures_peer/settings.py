"""Wagtail and easy-thumbnails on one database."""

import os

from wagtail_peer.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "easy_thumbnails"]  # noqa: F405
MEDIA_ROOT = os.environ["PEER_MEDIA"]
MEDIA_URL = "/media/"
