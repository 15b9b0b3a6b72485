"""Who works here: inviting, roles, leaving. Nobody gives what he lacks or touches what is above."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from ..models import Article, Person
from ..states import Action
from ..workflow import ActRefused, transition
from ..workflow.rows import one_at_a_time
from . import second_step, sign_ins

MANAGING = "articles.manage_people"


class Invitations(PasswordResetTokenGenerator):
    """Signs links by which a person sets a password, once: setting it voids the link.

    They expire after settings.PASSWORD_RESET_TIMEOUT seconds.
    """

    key_salt = "articles.invitation"


invitations = Invitations()


def why_not(actor: User, person: User) -> str:
    """Why the actor may not manage that person, or empty."""
    if not actor.has_perm(MANAGING):
        return "Managing people needs a permission that you do not have."
    if person.pk == actor.pk:
        return "Somebody else has to change your own account."
    if person.is_superuser:
        return "A superuser is managed by the one who runs the site."
    if permissions_of(person) - actor.get_all_permissions():
        return "This person may do things that you may not."
    return ""


def permissions_of(person: User) -> set[str]:
    """What a person may do once active, by role or directly; a superuser's are not listed."""
    return _named(Permission.objects.filter(Q(group__user=person) | Q(user=person)))


def grantable(actor: User) -> list[Group]:
    """The roles whose every permission the actor has."""
    own = actor.get_all_permissions()
    groups = Group.objects.prefetch_related("permissions__content_type").order_by("name")
    return [group for group in groups if _names(group.permissions.all()) <= own]


@transaction.atomic
def invite(actor: User, person: User, roles: Iterable[Group], zone: str) -> User:
    """Store a new account without a password. Raises PermissionDenied."""
    if not actor.has_perm(MANAGING):
        raise PermissionDenied("Managing people needs a permission that you do not have.")
    person.is_staff, person.is_superuser = True, False
    person.set_unusable_password()
    person.save(force_insert=True)
    Person.objects.create(user=person, zone=zone)
    _give(actor, person, roles)
    _log(actor, person, ADDITION, f"Invited as {_spoken(person)}.")
    return person


@transaction.atomic
def change(actor: User, person: User, roles: Iterable[Group], zone: str) -> None:
    """Give a person exactly these of the roles that the actor may give, and a zone.

    Raises PermissionDenied.
    """
    person = _managed(actor, person)
    before = _spoken(person)
    _give(actor, person, roles)
    Person.objects.update_or_create(user=person, defaults={"zone": zone})
    if before != (after := _spoken(person)):
        _log(actor, person, CHANGE, f"Roles: {before} → {after}.")


@transaction.atomic
def renew(actor: User, person: User) -> None:
    """Make the account wait for a new password: older links and open sessions end.

    Raises PermissionDenied.
    """
    person = _managed(actor, person)
    if not person.is_active:
        raise PermissionDenied("Reactivate the account first.")
    person.set_unusable_password()
    person.save(update_fields=["password"])
    _log(actor, person, CHANGE, "Made a new link; the old password is void.")


@transaction.atomic
def deactivate(actor: User, person: User) -> int:
    """Close an account, end its sessions and release its claims; how many were released.

    Raises PermissionDenied. The password goes as well, so that no session ever wakes again.
    """
    one_at_a_time()
    person = _managed(actor, person)
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    released = sum(_release(article, actor) for article in claims_of(person))
    _log(actor, person, CHANGE, f"Deactivated; {released} claims released.")
    return released


@transaction.atomic
def reactivate(actor: User, person: User) -> None:
    """Open a closed account again; its password is set by a new link. Raises PermissionDenied."""
    person = _managed(actor, person)
    person.is_active = True
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    _log(actor, person, CHANGE, "Reactivated.")


@transaction.atomic
def take_second_step(actor: User, person: User) -> None:
    """Let somebody who lost the telephone sign in by password alone, with every session ended.

    Raises PermissionDenied.
    """
    person = _managed(actor, person)
    second_step.turn_off(actor, person)
    sign_ins.end(person, sign_ins.sessions_of(person))


def claims_of(person: User) -> QuerySet[Article]:
    """The articles that a person has claimed."""
    return Article.objects.filter(assignee=person).order_by("pk")


def history_of(person: User) -> QuerySet[LogEntry]:
    """What was done to an account, newest first."""
    entries = LogEntry.objects.filter(content_type__model="user", object_id=str(person.pk))
    return entries.filter(content_type__app_label="auth").select_related("user")


def _managed(actor: User, person: User) -> User:
    """The person's row, locked; raises PermissionDenied."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if why := why_not(actor, person):
        raise PermissionDenied(why)
    return person


def _give(actor: User, person: User, roles: Iterable[Group]) -> None:
    mine, wanted = set(grantable(actor)), set(roles)
    if wanted - mine:
        raise PermissionDenied("You cannot give a role that may do more than you.")
    person.groups.set((set(person.groups.all()) - mine) | wanted)


def _release(article: Article, actor: User) -> bool:
    try:
        transition(article, Action.RELEASE, actor, expected_version=article.version)
    except ActRefused:
        # Whoever reviews may take over the claim of a closed account.
        return False
    return True


def _spoken(person: User) -> str:
    return ", ".join(person.groups.order_by("name").values_list("name", flat=True)) or "no role"


def _named(permissions: QuerySet[Permission]) -> set[str]:
    return _names(permissions.select_related("content_type").distinct())


def _names(permissions: Iterable[Permission]) -> set[str]:
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


def _log(actor: User, person: User, flag: int, said: str) -> None:
    LogEntry.objects.log_actions(
        user_id=actor.pk, queryset=[person], action_flag=flag, change_message=said
    )
