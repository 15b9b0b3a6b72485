"""The site's settings as a server has them, its files below NEWSROOM_BENCH_FOLDER."""

import os
from pathlib import Path

from newsroom.settings import *

_folder = Path(os.environ["NEWSROOM_BENCH_FOLDER"])
STATIC_ROOT, MEDIA_ROOT = _folder / "static", _folder / "media"
UPLOAD_FOLDER = str(_folder / "uploads")
