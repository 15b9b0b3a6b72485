"""What one person should know, and how the desk serves that person."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from ..models import Notice, Person
from ..workflow import notices
from .acts import actor_of

UNSEEN_SHOWN = 100
SEEN_A_PAGE = 30
NAME = "articles_article_notices"
WORDS = {
    Notice.Kind.SENT_BACK: "sent this back",
    Notice.Kind.APPROVED: "approved this",
    Notice.Kind.ASSIGNED: "assigned this to you",
    Notice.Kind.MENTIONED: "mentioned you",
    Notice.Kind.REMOVED_UPSTREAM: "asks for its removal",
}


class PersonForm(forms.ModelForm):
    """What a person decides for himself."""

    class Meta:
        model = Person
        fields = ("zone", "wants_mail")
        labels = {"wants_mail": "Send me notices by mail"}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["zone"] = zone_field()


def zone_field() -> forms.ChoiceField:
    """Every zone that the zone database knows, the site's own first."""
    site = [("", f"the site's ({settings.TIME_ZONE})")]
    zones = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
    return forms.ChoiceField(label="Times in", choices=[*site, *zones], required=False)


def urls(desk: Any) -> list[URLPattern]:
    """The page of my notices."""

    def page(request: HttpRequest) -> HttpResponse:
        return _page(desk, request)

    return [path("notices/", desk.admin_site.admin_view(page), name=NAME)]


def _page(desk: Any, request: HttpRequest) -> HttpResponse:
    person = actor_of(request)
    form = PersonForm(request.POST if "_settings" in request.POST else None, instance=_own(person))
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        _keep(request, person, form)
        return HttpResponseRedirect(reverse(f"admin:{NAME}"))
    unseen = list(notices.unseen(person)[: UNSEEN_SHOWN + 1])
    seen = notices.of(person).filter(seen_at__isnull=False)
    page = Paginator(seen, SEEN_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **desk.admin_site.each_context(request),
        "title": "Notices",
        "unseen": [(notice, _words(notice)) for notice in unseen[:UNSEEN_SHOWN]],
        "has_more": len(unseen) > UNSEEN_SHOWN,
        "seen": [(notice, _words(notice)) for notice in page],
        "page": page,
        "form": form,
    }
    return TemplateResponse(request, "admin/articles/notices.html", context)


def _keep(request: HttpRequest, person: User, form: PersonForm) -> None:
    if form.is_bound:
        form.save()
        messages.success(request, "Saved.")
        return
    ids = request.POST.getlist("notice")
    if "_all" in request.POST:
        ids = [str(pk) for pk in notices.unseen(person).values_list("pk", flat=True)]
    notices.mark_seen(person, [int(pk) for pk in ids if pk.isdecimal()])


def _own(person: User) -> Person:
    return Person.objects.filter(user=person).first() or Person(user=person)


def _words(notice: Notice) -> str:
    return WORDS[Notice.Kind(notice.kind)]
