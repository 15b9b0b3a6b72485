"""A person's own account: the second step of signing in, and the sessions that go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from qrcode.main import QRCode

from ..desk import second_step, sign_ins
from ..models import SignIn
from .acts import actor_of

NAME = "articles_person_account"
SECOND, ENROL = "articles_person_second", "articles_person_enrol"
RECENT = 10
MARGIN = 4

View = Callable[[Any, HttpRequest], HttpResponse]


def urls(desk: Any) -> list[URLPattern]:
    """The pages of one's own account."""

    def bound(view: View) -> Callable[[HttpRequest], HttpResponse]:
        return lambda request: view(desk, request)

    inside = desk.admin_site.admin_view
    return [
        path("account/", inside(bound(_account)), name=NAME),
        path("second-step/", _before_the_desk(desk, _second), name=SECOND),
        path("second-step/set-up/", _before_the_desk(desk, _enrol), name=ENROL),
    ]


def _before_the_desk(desk: Any, view: View) -> Callable[[HttpRequest], HttpResponse]:
    """A page for who gave a right password and nothing else yet."""

    @never_cache
    @csrf_protect
    @sensitive_post_parameters("code", "offered")
    def page(request: HttpRequest) -> HttpResponse:
        if not (request.user.is_active and getattr(request.user, "is_staff", False)):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(desk, request)

    return page


def _second(desk: Any, request: HttpRequest) -> HttpResponse:
    person = actor_of(request)
    if not second_step.is_asked(request):
        lacks = second_step.is_missing(request)
        return HttpResponseRedirect(reverse(f"admin:{ENROL}") if lacks else _next(request))
    is_wrong = request.method == "POST" and not second_step.passes(
        request, person, request.POST.get("code", "")
    )
    if request.method == "POST" and not is_wrong:
        _move_session(request, person)
        return HttpResponseRedirect(_next(request))
    if is_wrong:
        sign_ins.note(request, SignIn.Outcome.SECOND_REFUSED, person)
    context = {"title": "One more step", "is_wrong": is_wrong, "next": _next(request)}
    return _page(desk, request, "second.html", context)


def _move_session(request: HttpRequest, person: User) -> None:
    """The session has a new key; what is on record of it follows."""
    request.session.save()
    latest = SignIn.objects.filter(person=person, outcome=SignIn.Outcome.SIGNED_IN).first()
    if latest is not None:
        latest.session_id = request.session.session_key
        latest.save(update_fields=["session"])


def _enrol(desk: Any, request: HttpRequest) -> HttpResponse:
    person = actor_of(request)
    if second_step.is_asked(request):
        return HttpResponseRedirect(reverse(f"admin:{SECOND}"))
    offered = request.POST.get("offered") or second_step.offer(person)
    if request.method == "POST":
        codes = second_step.turn_on(request, person, offered, request.POST.get("code", ""))
        if codes:
            others = sign_ins.sessions_of(person).exclude(session=request.session.session_key)
            sign_ins.end(person, others)
            return _page(desk, request, "codes.html", {"title": "Write these down", "codes": codes})
    key = second_step.spelt(person, offered)
    context = {
        "title": "Set up the second step",
        "offered": offered,
        "key": " ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        "code": _drawn(second_step.address_of_key(person, offered)),
        "is_wrong": request.method == "POST",
        "is_required": second_step.is_missing(request),
    }
    return _page(desk, request, "enrol.html", context)


def _account(desk: Any, request: HttpRequest) -> HttpResponse:
    person = actor_of(request)
    if request.method == "POST":
        return _act(desk, request, person)
    here = request.session.session_key
    context = {
        "title": "Your account",
        "is_on": second_step.is_on(person),
        "is_required": second_step.is_required(person),
        "codes_left": second_step.codes_left(person),
        "sessions": [(row, row.session_id == here) for row in sign_ins.sessions_of(person)],
        "recent": SignIn.objects.filter(person=person)[:RECENT],
    }
    return _page(desk, request, "account.html", context)


def _act(desk: Any, request: HttpRequest, person: User) -> HttpResponse:
    act, going = request.POST.get("act", ""), sign_ins.sessions_of(person)
    if act == "end":
        number = request.POST.get("sign_in", "")
        count = sign_ins.end(person, going.filter(pk=int(number) if number.isdecimal() else 0))
        messages.success(request, f"{count} session{'s' * (count != 1)} ended.")
    elif act == "end_others":
        count = sign_ins.end(person, going.exclude(session=request.session.session_key))
        messages.success(request, f"{count} session{'s' * (count != 1)} ended.")
    elif act not in ("codes", "off"):
        raise PermissionDenied
    elif not second_step.passes(request, person, request.POST.get("code", "")):
        messages.error(request, "That code was not right, so nothing was changed.")
    elif act == "codes":
        codes = second_step.new_codes(person)
        return _page(desk, request, "codes.html", {"title": "Write these down", "codes": codes})
    elif second_step.is_required(person):
        messages.error(request, "Your role needs a second step here.")
    else:
        second_step.turn_off(person, person)
        messages.success(request, "The second step is off.")
    return HttpResponseRedirect(reverse(f"admin:{NAME}"))


def _drawn(text: str) -> dict[str, Any]:
    """A QR code as one path of squares, in units of a square."""
    picture = QRCode(border=MARGIN)
    picture.add_data(text)
    rows = picture.get_matrix()
    dark = (
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_on in enumerate(row) if is_on
    )
    return {"size": len(rows), "path": "".join(dark)}


def _next(request: HttpRequest) -> str:
    """Where somebody was on the way to; never another site."""
    said = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_ours = url_has_allowed_host_and_scheme(
        said, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return said if is_ours else reverse("admin:index")


def _page(desk: Any, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    shared = desk.admin_site.each_context(request)
    return TemplateResponse(request, f"admin/articles/account/{name}", shared | context)
