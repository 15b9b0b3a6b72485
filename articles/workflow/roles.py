"""The roles of a newsroom, as Django groups with their permissions."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction

VIEWING = (
    "articles.view_article",
    "articles.view_conflict",
    "articles.view_revision",
    "articles.view_run",
    "articles.view_source",
    "articles.view_story",
    "articles.view_topic",
    "articles.view_transition",
    "providers.view_provider",
)
CONTRIBUTING = (*VIEWING, "articles.add_article")
EDITING = (
    *CONTRIBUTING,
    "articles.change_article",
    "articles.review",
    "articles.rank",
    "articles.story_acts",
)
PUBLISHING = (*EDITING, "articles.approve", "articles.publish")
MANAGING = (
    *PUBLISHING,
    "articles.withdraw",
    "articles.take_over",
    "articles.override_guards",
    "articles.import_content",
    "articles.export_content",
    "articles.manage_people",
    "articles.add_topic",
    "articles.change_topic",
    "providers.add_provider",
    "providers.change_provider",
)

ROLES: dict[str, tuple[str, ...]] = {
    "contributor": CONTRIBUTING,
    "editor": EDITING,
    "publisher": PUBLISHING,
    "managing editor": MANAGING,
    "auditor": VIEWING,
}
"""The permissions of each role. A contributor changes only what he wrote (`rights`).

Nobody gets `delete_article`: withdrawing leaves a tombstone. Nobody gets to change users either:
whoever may change users can make himself a superuser.
"""


def ensure_roles() -> list[str]:
    """Create the groups, give each exactly its permissions; the names of those that changed."""
    with transaction.atomic():
        permissions = _permissions()
        return [role for role in ROLES if _ensure(role, permissions)]


def _permissions() -> dict[str, Permission]:
    # They reach the database only when a migrate ends; roles must not depend on which was first.
    for app in ("articles", "providers"):
        create_permissions(apps.get_app_config(app), verbosity=0)
    found = Permission.objects.filter(content_type__app_label__in=["articles", "providers"])
    return {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in found.select_related("content_type")
    }


def _ensure(role: str, permissions: dict[str, Permission]) -> bool:
    group, is_new = Group.objects.get_or_create(name=role)
    wanted = {permissions[name] for name in ROLES[role]}
    is_changed = is_new or set(group.permissions.all()) != wanted
    if is_changed:
        group.permissions.set(wanted)
    return is_changed
