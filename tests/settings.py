"""The site's settings, as tests want them: no TLS, plain static files, a database of their own."""

import os

os.environ.setdefault("SECRET_KEY", "tests-sign-with-this-key-and-nothing-else-ever-should")
os.environ.setdefault("SECURE_SSL", "0")

from newsroom.settings import *

# One name for every process, so that two runs on one machine do not meet. A file, not memory:
# live servers and killed imports are other threads and processes on the same database.
_build = BASE_DIR / "build"
_build.mkdir(exist_ok=True)
_on_sqlite = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"]["TEST"] = {
    "NAME": str(_build / f"test-{os.getpid()}.sqlite3")
    if _on_sqlite
    else f"test_newsroom_{os.getpid()}"
}

# Passwords of tests protect nothing; hashing them well would be half the time of a login test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = _build / "test-media"
UPLOAD_FOLDER = str(_build / f"test-uploads-{os.getpid()}")
# What a test asks for is made for it; those that ask for what is kept say so.
PAGE_SECONDS = 0
# Tests ask as fast as they can, all of one address.
SEARCH_A_MINUTE = API_A_MINUTE = LOGIN_A_MINUTE = 0
