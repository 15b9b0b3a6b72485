"""People: who works here, with what role; inviting them and letting them go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from ..desk import people, second_step
from ..models import Article, Person
from . import account
from .acts import actor_of
from .notices import zone_field
from .readonly import ReadOnly

A_PAGE = 50
HISTORY = 20
LINK = "desk_invitation"
"""Where a session keeps a new link until the page that shows it, once."""


class RolesForm(forms.Form):
    """Roles that the one who asks may give, and a zone."""

    roles = forms.ModelMultipleChoiceField(
        Group.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *arguments: Any, roles: Sequence[Group], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["roles"]
        field.queryset = Group.objects.filter(pk__in=[role.pk for role in roles]).order_by("name")
        self.fields["zone"] = zone_field()


class InviteForm(RolesForm):
    """A new account. Its holder sets the password by the link."""

    username = User._meta.get_field("username").formfield()
    first_name = User._meta.get_field("first_name").formfield()
    last_name = User._meta.get_field("last_name").formfield()
    email = User._meta.get_field("email").formfield()
    field_order = ("username", "first_name", "last_name", "email", "roles", "zone")

    def clean_username(self) -> str:
        name = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("Somebody of that name is here already.")
        return name


@admin.register(Person)
class PersonAdmin(ReadOnly):
    """Two pages of our own: addresses are those of accounts, with or without a Person."""

    def get_urls(self) -> list[Any]:
        return [*account.urls(self), *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(people.MANAGING)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Person | None:
        number = int(object_id) if object_id.isdecimal() else 0
        return Person.objects.filter(user=number).first()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        actor = self._manager(request)
        form = InviteForm(request.POST or None, roles=people.grantable(actor))
        if request.method == "POST" and form.is_valid():
            return self._invite(request, actor, form)
        claims = Article.objects.filter(assignee=OuterRef("pk")).order_by().values("assignee")
        count = claims.annotate(count=Count("pk")).values("count")
        found = User.objects.select_related("desk").prefetch_related("groups")
        found = found.annotate(claim_count=Coalesce(Subquery(count), 0))
        page = Paginator(found.order_by("-is_active", "username"), A_PAGE).get_page(
            request.GET.get("page")
        )
        context = {"title": "People", "form": form, "page": page}
        return self._page(request, "admin/articles/person/change_list.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        actor = self._manager(request)
        number = int(object_id) if object_id.isdecimal() else 0
        person = get_object_or_404(User.objects.select_related("desk"), pk=number)
        if request.method == "POST":
            return self._act(request, actor, person)
        roles = people.grantable(actor)
        held = list(person.groups.order_by("name"))
        initial = {"roles": held, "zone": _zone_of(person)}
        link = request.session.pop(LINK, None)
        context = {
            "title": person.get_full_name() or person.get_username(),
            "person": person,
            "form": RolesForm(initial=initial, roles=roles),
            "kept_roles": [role for role in held if role not in roles],
            "why_not": people.why_not(actor, person),
            "has_second_step": second_step.is_on(person),
            "link": link[1] if link and link[0] == person.pk else "",
            "claims": people.claims_of(person).only("title")[:HISTORY],
            "history": people.history_of(person)[:HISTORY],
        }
        return self._page(request, "admin/articles/person/change_form.html", context)

    def _invite(self, request: HttpRequest, actor: User, form: InviteForm) -> HttpResponse:
        data = form.cleaned_data
        names = {name: data[name] for name in ("username", "first_name", "last_name", "email")}
        person = people.invite(actor, User(**names), data["roles"], data["zone"])
        return self._show_link(request, person)

    def _act(self, request: HttpRequest, actor: User, person: User) -> HttpResponse:
        act = request.POST.get("act")
        if act == "deactivate":
            released = people.deactivate(actor, person)
            messages.success(request, f"Deactivated; {released} claims released.")
        elif act == "reactivate":
            people.reactivate(actor, person)
            return self._show_link(request, person)
        elif act == "second_step":
            people.take_second_step(actor, person)
            messages.success(request, "The second step is taken away, and every session ended.")
        elif act == "link":
            people.renew(actor, person)
            return self._show_link(request, person)
        else:
            self._change(request, actor, person)
        return self._to(person)

    def _change(self, request: HttpRequest, actor: User, person: User) -> None:
        form = RolesForm(request.POST, roles=people.grantable(actor))
        if not form.is_valid():
            # Only a forged form names roles that the page did not offer.
            raise PermissionDenied
        people.change(actor, person, form.cleaned_data["roles"], form.cleaned_data["zone"])
        messages.success(request, "Saved.")

    def _show_link(self, request: HttpRequest, person: User) -> HttpResponse:
        person.refresh_from_db()
        uid = urlsafe_base64_encode(force_bytes(person.pk))
        page = reverse("join", args=[uid, people.invitations.make_token(person)])
        request.session[LINK] = [person.pk, request.build_absolute_uri(page)]
        return self._to(person)

    def _manager(self, request: HttpRequest) -> User:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return actor_of(request)

    def _to(self, person: User) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_person_change", args=[person.pk]))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, shared | context)


def _zone_of(person: User) -> str:
    try:
        return person.desk.zone
    except Person.DoesNotExist:
        return ""


class Join(PasswordResetConfirmView):
    """Where an invitation leads: its holder sets a password and stands at the desk."""

    template_name = "admin/articles/person/join.html"
    token_generator = people.invitations
    post_reset_login = True
    success_url = reverse_lazy("admin:index")
    title = "Welcome"

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        name = settings.SITE_NAME
        return super().get_context_data(site_title=name, site_header=name, **context)
