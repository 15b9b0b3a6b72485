"""The people of a small desk."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.factories import make_user


@pytest.fixture
def publisher() -> User:
    return make_user("publisher", first_name="Ana", last_name="Ferro")


@pytest.fixture
def editor() -> User:
    return make_user("editor", first_name="Bo")


@pytest.fixture
def manager() -> User:
    return make_user("managing editor", first_name="Mina")


@pytest.fixture
def superuser() -> User:
    return make_user("superuser")
