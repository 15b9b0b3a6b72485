"""Working copies: what was typed comes back after a lost network, session or page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ..desk import open_forms
from ..desk.open_forms import TOKEN, Typed
from ..models import Article
from .acts import actor_of

FORM = "articles_article_change"
SALT = "articles.typed"
KEPT = "kept"
BUTTONS = frozenset({"_act", "_save", "_continue", "_publish", "_undo"})
NOT_TYPED = (
    BUTTONS | {"_typed", "_discard"} | {"csrfmiddlewaretoken", "username", "password", "next", KEPT}
)
SAID = (
    *("_comment", "_public_note"),
    *("_go_live_at-publish", "_go_live_at-republish", "_expire_at-publish", "_expire_at-republish"),
)
"""What is written in the bar and not only chosen there; form.js has the same names."""

MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::00)?(?=$|:)")
SETTLED = "settled_forms"
REMEMBERED = 40
"""Forms of a session whose typing was saved, so that the browser's own copy of it can go."""


@dataclass(frozen=True)
class Words:
    """What stands in one field that somebody typed in."""

    name: str
    text: str


def urls(desk: Any) -> list[URLPattern]:
    """The form's own address, which a lost session must not empty, and those of its copies."""
    heard_by = desk.admin_site.admin_view(require_POST(partial(heard, desk)))
    back = never_cache(csrf_protect(require_POST(partial(bring_back, desk))))
    return [
        path("<int:pk>/change/", partial(change_page, desk), name=FORM),
        path("<int:pk>/open/", heard_by, name="articles_article_open"),
        path("<int:pk>/typed/", sensitive_post_parameters()(back), name="articles_article_typed"),
    ]


def change_page(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The change form; typing that comes in after the session has ended is given back."""
    if request.method == "POST" and not desk.admin_site.has_permission(request):
        return give_back(desk, request, pk)
    view = desk.admin_site.admin_view(desk.change_view)
    try:
        answer: HttpResponse = view(request, str(pk))
    except PermissionDenied as why:
        unsent = words_of(typed_in(request.POST))
        if request.method != "POST" or not unsent:
            raise
        # Nothing of the article: its reader may have lost the right to that, too.
        context = desk.admin_site.each_context(request) | {
            "title": "You may not do that",
            "why": str(why),
            "unsent": unsent,
        }
        return TemplateResponse(
            request, "admin/articles/article/not_permitted.html", context, status=403
        )
    return answer


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a forged POST; but a form opened before signing in anew loses nothing."""
    match = request.resolver_match
    names = (FORM, "articles_article_typed")
    # Django's own address of the form, for what is no number, has another key.
    if match and match.app_name == "admin" and match.url_name in names and "pk" in match.kwargs:
        desk: Any = admin.site.get_model_admin(Article)
        return give_back(desk, request, match.kwargs["pk"])
    return csrf_failure(request, reason)


def give_back(
    desk: Any, request: HttpRequest, pk: int, form: AdminAuthenticationForm | None = None
) -> HttpResponse:
    """The page that holds what was typed until somebody is signed in; keeps nothing by itself."""
    typed = _kept(request, pk) or typed_in(request.POST)
    is_signed_in = desk.admin_site.has_permission(request)
    context = desk.admin_site.each_context(request) | {
        "title": "Not saved yet" if is_signed_in else "Sign in again",
        "form": None if is_signed_in else form or AdminAuthenticationForm(request),
        "words": words_of(typed),
        "kept": signing.dumps({"article": pk, "typed": typed}, salt=SALT, compress=True),
        "target": reverse("admin:articles_article_typed", args=[pk]),
    }
    answer = TemplateResponse(request, "admin/articles/article/kept.html", context, status=403)
    answer.headers["Cache-Control"] = "no-store"
    return answer.render()


def bring_back(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in if need be, keep the copy that came along, and lead to the form with it."""
    typed = _kept(request, pk)
    if not desk.admin_site.has_permission(request):
        form = AdminAuthenticationForm(request, data=request.POST)
        if not form.is_valid():
            return give_back(desk, request, pk, form)
        login(request, form.get_user())
    article = get_object_or_404(Article, pk=pk)
    page = reverse(f"admin:{FORM}", args=[pk])
    if not typed or not desk.has_change_permission(request, article):
        return HttpResponseRedirect(page)
    open_forms.keep(pk, actor_of(request), _version(typed), typed, timezone.now())
    return HttpResponseRedirect(f"{page}?typed=1")


def heard(desk: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """An open form reports itself: keep what is typed, say who else is here."""
    article = get_object_or_404(Article.objects.only("pk", "version", "state"), pk=pk)
    person, now = actor_of(request), timezone.now()
    if not desk.has_change_permission(request, article):
        raise PermissionDenied
    if "_discard" in request.POST:
        open_forms.settle(pk, person)
        return HttpResponseRedirect(reverse(f"admin:{FORM}", args=[pk]))
    typed = typed_in(request.POST)
    is_kept = "_typed" in request.POST and not is_settled(request, typed)
    if is_kept:
        open_forms.keep(pk, person, _version(typed), typed, now)
    else:
        open_forms.see(pk, person, article.version, now)
    _, others = open_forms.at(pk, person, now)
    return JsonResponse(
        {
            "kept": clock(now) if is_kept else "",
            "others": [str(other) for other in others],
            "version": article.version,
        }
    )


def typed_in(data: QueryDict) -> Typed:
    """Everything that was typed into a form, buttons and secrets apart."""
    return {name: data.getlist(name) for name in data if name not in NOT_TYPED}


def as_data(typed: Typed) -> QueryDict:
    """What a browser would send that shows the form with these values."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def words_of(typed: Typed) -> list[Words]:
    """The fields that differ from what the form showed, with what was typed there."""
    return [
        Words(name.strip("_").replace("_", " ").partition("-")[0], ", ".join(filter(None, values)))
        for name, values in typed.items()
        if not name.startswith("initial-")
        and name not in ("version", "state_seen")
        and (not name.startswith("_") or name.startswith(SAID))
        and not _is_same(values, typed.get(f"initial-{name}", [""]))
    ]


def _is_same(values: Iterable[str], shown: Iterable[str]) -> bool:
    def plain(texts: Iterable[str]) -> list[str]:
        # Line ends and times are sent in another form than they are shown in.
        return [MOMENT.sub(r"\1 \2", text.replace("\r\n", "\n")) for text in texts if text]

    return plain(values) == plain(shown)


def copies_of(request: HttpRequest, article: Article) -> dict[str, Any]:
    """The template's context of open forms: own unsaved typing, who else is here, the token."""
    now = timezone.now()
    own, others = open_forms.at(article.pk, actor_of(request), now)
    taken_up = request.__dict__.get("desk_typed")
    typed = taken_up.get(TOKEN) if taken_up else request.POST.get(TOKEN)
    words = words_of(own.typed or {}) if own else []
    return {
        # A copy that holds nothing but what the form showed is nothing to be asked about.
        "working_copy": None if not words or taken_up or request.POST else own,
        "copy_token": "".join((own.typed or {}).get(TOKEN, [])) if own else "",
        "working_words": words,
        "others": others,
        "token": typed or token_hex(8),
        "is_taken_up": taken_up is not None,
        "is_unsaved": bool(taken_up or request.POST),
        "settled": " ".join(request.session.get(SETTLED, [])),
    }


def take_up(request: HttpRequest, pk: str) -> None:
    """Let the form that is about to be shown hold the working copy, if there is one."""
    own, _ = open_forms.at(int(pk), actor_of(request), timezone.now())
    if own is not None:
        request.__dict__["desk_typed"] = as_data(own.typed or {})


def keep_unsaved(request: HttpRequest, pk: int) -> None:
    """Keep what a form sent along with something else than a save."""
    typed = typed_in(request.POST)
    if words_of(typed):
        open_forms.keep(pk, actor_of(request), _version(typed), typed, timezone.now())


def settle(request: HttpRequest, article: Article) -> None:
    """What this form sent is saved: its copies go, here and in the browser."""
    token = request.POST.get(TOKEN, "")
    if token:
        open_forms.settle(article.pk, actor_of(request), token)
        tokens = [*request.session.get(SETTLED, []), token]
        request.session[SETTLED] = tokens[-REMEMBERED:]


def is_settled(request: HttpRequest, typed: Typed) -> bool:
    """Whether a copy arrives later than the save that made it needless."""
    return bool(set(typed.get(TOKEN, [])).intersection(request.session.get(SETTLED, [])))


def clock(at: datetime) -> str:
    """A time of today in the newsroom's zone."""
    return date_format(timezone.localtime(at), "H:i T")


def _kept(request: HttpRequest, pk: int) -> Typed:
    try:
        kept = signing.loads(request.POST.get(KEPT, ""), salt=SALT)
    except signing.BadSignature:
        return {}
    return kept["typed"] if kept["article"] == pk else {}


def _version(typed: Typed) -> int:
    """The version that the form showed; a form that does not say is met as the oldest."""
    said = typed.get("version", [""])[0]
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
