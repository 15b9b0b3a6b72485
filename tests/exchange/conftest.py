"""What tests of the exchange share: a real database, a folder of their own, short words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from tests.factories import make_user


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty content folder."""
    path = tmp_path / "site"
    path.mkdir()
    return path


@pytest.fixture
def ana(db: None) -> User:
    """Somebody who may do everything."""
    return make_user("superuser", first_name="Ana")
