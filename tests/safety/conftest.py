"""A newsroom with something to lose, folders of its own, and its database as others name it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from pytest_django import Settings

from articles.workflow.roles import ensure_roles
from tests.content import put
from tests.exchange.acts import bring_in
from tests.exchange.sites import made_up_site
from tests.factories import A_DAY, make_article, make_user


@pytest.fixture
def newsroom(transactional_db: None, tmp_path: Path, settings: Settings) -> Path:
    """An imported site with people, a picture and an upload; its folders lie below the path."""
    settings.MEDIA_ROOT, settings.UPLOAD_FOLDER = tmp_path / "media", str(tmp_path / "uploads")
    put(tmp_path / "content", *made_up_site(3))
    bring_in(tmp_path / "content")
    ensure_roles()
    make_user("publisher")
    live: dict[str, Any] = {"state": "published", "go_live_at": A_DAY, "first_published_at": A_DAY}
    make_article(title="Øresund — “quoted”", body="\n\ttabs and  spaces ", **live)
    for path in ("media/assets/logo.png", "uploads/a/one.md"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(b"\x00\xff" + path.encode())
    return tmp_path


@pytest.fixture
def address() -> str:
    """The test's database as DATABASE_URL names it."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    secret = f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else ""
    port = found["PORT"] or 5432
    return f"postgres://{found['USER']}{secret}@{found['HOST']}:{port}/{found['NAME']}"
