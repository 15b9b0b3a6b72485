"""What editors tell one another about an article."""

from __future__ import annotations

import re

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction as database
from django.utils import timezone

from ..frontmatter.compose import FORBIDDEN
from ..models import Article, Note, Notice
from ..states import Need
from . import notices
from .errors import NotPermitted
from .rights import PERMISSIONS, may_change
from .rows import locked

MENTION = re.compile(r"(?<![\w@.+-])@([\w.@+-]+)")
LONGEST = 5_000
"""Characters of a note, at most."""


def add_note(article: Article, author: User, text: str, *, is_blocking: bool = False) -> Note:
    """Leave a note; whoever it mentions by `@username` is told. A blocking one stops publication.

    Raises NotPermitted, and ValidationError for `text`. The article's version stays.
    """
    text = _checked(text)
    with database.atomic():
        # Held, so that no publication passes a note that is being written.
        row = locked(article.pk)
        _check_right(row, author, is_blocking=is_blocking)
        now = timezone.now()
        note = Note.objects.create(
            article=row, author=author, text=text, is_blocking=is_blocking, created_at=now
        )
        notices.tell(Notice.Kind.MENTIONED, row, author, mentioned(text), now, text)
    return note


def resolve_note(note: Note, person: User) -> Note:
    """Settle a note; one that is settled already stays as it was. Raises NotPermitted."""
    with database.atomic():
        row = locked(note.article_id)
        found = Note.objects.select_for_update().get(pk=note.pk)
        _check_right(row, person, is_blocking=found.is_blocking)
        if found.resolved_at is None:
            found.resolved_at, found.resolved_by = timezone.now(), person
            found.save(update_fields=["resolved_at", "resolved_by"])
    return found


def mentioned(text: str) -> list[User]:
    """The active people that a text names by `@username`, each once."""
    names = {name for found in MENTION.findall(text) for name in (found, found.rstrip(".-+@"))}
    return list(User.objects.filter(username__in=names, is_active=True, is_staff=True))


def unknown(text: str) -> list[str]:
    """What a text mentions that is nobody's name, in its order; without the marks of a sentence."""
    known = {person.username for person in mentioned(text)}
    found = [name for name in MENTION.findall(text) if not {name, name.rstrip(".-+@")} & known]
    return list(dict.fromkeys(name.rstrip(".-+@") for name in found))


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"text": "A note says something."})
    if len(text) > LONGEST:
        raise ValidationError({"text": f"A note has at most {LONGEST:,} characters."})
    if FORBIDDEN.search(text):
        raise ValidationError({"text": "It holds a control character; remove it."})
    return text


def _check_right(article: Article, person: User, *, is_blocking: bool) -> None:
    if person.has_perm(PERMISSIONS[Need.REVIEW]):
        return
    if is_blocking:
        raise NotPermitted("This needs the permission to review.")
    if not may_change(article, person):
        raise NotPermitted("Notes are written by those who work on the article.")
