"""What a sent form does: save what was typed, then act, and lead on."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..models import Article
from ..states import Action, State
from ..workflow import ActRefused, NotPermitted, StaleVersion, WrongState, save, transition
from ..workflow.rights import check
from . import cells, open_forms
from .acts import LABELS, STAYING, actor_of
from .answers import answers
from .form import ArticleForm

OPENING = (Action.PUBLISH, Action.REPUBLISH)
PUBLISHING = "_publish"
"""The button that saves a change of a live article and shows it to readers."""


class Deciding(admin.ModelAdmin):
    """The part of the article's admin that writes; everything goes through the workflow."""

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if not isinstance(form, ArticleForm):
            return
        changes = form.changes()
        if not changes and not form.changed_content:
            # What was typed on the way here is what is stored: no copy of it is unsaved.
            open_forms.settle(request, obj)
            if not _asked(request)[0]:
                self.message_user(request, "Nothing was changed.", messages.INFO)
            return
        _check_first(request, obj)
        topics = form.cleaned_data["topic_order"]
        saved = save(
            obj,
            actor_of(request),
            changes,
            expected_version=form.initial["version"],
            topics=topics if "topic_order" in form.changed_content else None,
            batch=_batch(request),
        )
        obj.version = saved.version
        request.__dict__["desk_saved"] = True
        open_forms.settle(request, obj)
        if PUBLISHING in request.POST and saved.draft_id:
            return
        merged = " Merged with what somebody else saved meanwhile." if form.is_stale else ""
        said = "Saved as a draft; readers see no change yet." if saved.draft_id else "Saved."
        self.message_user(request, f"{said}{merged}", messages.SUCCESS)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing is left to save: topics go through the workflow with the other changes."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The workflow keeps the record; Django's own log would be a second one."""

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        asked, way = _asked(request)
        if not asked:
            return self._stay(request, obj) if "_continue" in request.POST else self._back(request)
        if asked not in LABELS:
            raise PermissionDenied
        action = Action(asked)
        is_done = self._decide(request, obj, action, way)
        if is_done and action is Action.WITHDRAW:
            # Withdrawing ends with what is left to do elsewhere.
            page = reverse("admin:articles_article_withdrawal", args=[obj.pk])
            return HttpResponseRedirect(page)
        stays = not is_done or action in STAYING
        return self._stay(request, obj) if stays else self._back(request)

    def _decide(self, request: HttpRequest, obj: Article, action: Action, way: str) -> bool:
        try:
            moved = transition(
                obj,
                action,
                actor_of(request),
                expected_version=obj.version,
                batch=_batch(request),
                **answers(request.POST, action, way, obj),
            )
        except StaleVersion:
            raise
        except (ActRefused, ValidationError) as refusal:
            is_saved = request.__dict__.get("desk_saved", False)
            if isinstance(refusal, NotPermitted) and not is_saved:
                raise
            if _is_answered(request, action) and not isinstance(refusal, NotPermitted):
                # The form is shown again, so that what was typed in the bar is not lost either.
                raise
            said = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else refusal
            self.message_user(request, f"Not {action.done}: {said}", messages.ERROR)
            return False
        # What was answered in the bar is said; no copy of it is unsaved any more.
        open_forms.settle(request, obj)
        self._announce(request, moved, action)
        return True

    def _announce(self, request: HttpRequest, article: Article, action: Action) -> None:
        page = self._page(article)
        link = format_html(' <a href="{}">See it on the site</a>', page) if page else ""
        form = reverse("admin:articles_article_change", args=[article.pk])
        text = format_html(
            '{}: {}{}.{} <a href="{}#form-undo">Undo…</a>',
            self._done(article, action).capitalize(),
            article.title,
            self._window(article, action),
            link,
            form,
        )
        self.message_user(request, text, messages.SUCCESS)

    def _done(self, article: Article, action: Action) -> str:
        is_ahead = action in OPENING and not article.is_in_window(timezone.now())
        return "scheduled" if is_ahead else action.done

    def _window(self, article: Article, action: Action) -> SafeString | str:
        """The times that were given, told back with their zone."""
        is_said = action is Action.RESCHEDULE or self._done(article, action) == "scheduled"
        is_said = is_said or (action in OPENING and article.expire_at is not None)
        return format_html(" ({})", cells.window(article)) if is_said else ""

    def _page(self, article: Article) -> str:
        if article.state != State.PUBLISHED or not article.is_published():
            return ""
        return reverse("public:story", args=[article.story.slug or article.slug])

    def _list(self, request: HttpRequest) -> str:
        kept: dict[str, Any] = {
            "preserved_filters": self.get_preserved_filters(request),
            "opts": self.opts,
        }
        return add_preserved_filters(kept, reverse("admin:articles_article_changelist"))

    def _back(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(self._list(request))

    def _stay(self, request: HttpRequest, obj: Article) -> HttpResponse:
        page = reverse("admin:articles_article_change", args=[obj.pk])
        kept = self.get_preserved_filters(request)
        return HttpResponseRedirect(f"{page}?{kept}" if kept else page)


def _asked(request: HttpRequest) -> tuple[str, str]:
    """(the action that was pressed, the way of it); empty when the form was only saved."""
    if PUBLISHING in request.POST:
        return Action.PUBLISH_DRAFT, ""
    asked, _, way = request.POST.get("_act", "").partition(":")
    return asked, way


def _check_first(request: HttpRequest, article: Article) -> None:
    """Raises NotPermitted for an act that was never the actor's, before anything is saved.

    One that is refused only for what is saved with it (with FOUR_EYES, to its last editor) is told
    afterwards: what was typed is not lost with it.
    """
    asked, _ = _asked(request)
    if asked in LABELS:
        with suppress(WrongState):
            check(article, Action(asked), actor_of(request), timezone.now())


def _batch(request: HttpRequest) -> str:
    """What a request saves and what it then does are one step, taken back together."""
    kept: str = request.__dict__.setdefault("desk_batch", uuid4().hex)
    return kept


def _is_answered(request: HttpRequest, action: Action) -> bool:
    typed = [str(value) for name, value in request.POST.items() if name.endswith(f"-{action}")]
    return any(value.strip() for value in [*typed, request.POST.get("_comment", "")])
