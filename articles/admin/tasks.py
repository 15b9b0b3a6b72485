"""What waits for the worker, and what it gave up: looked at, and tried once more."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from .. import tasks
from ..models import Task
from .operations import operations
from .readonly import OnePage

TRIES = "articles.import_content"
A_PAGE = 50
ORDER = ("failed", "working", "waiting", "done")


@admin.register(Task)
class TaskAdmin(OnePage):
    def page(self, request: HttpRequest) -> HttpResponse:
        places = [When(standing=word, then=Value(place)) for place, word in enumerate(ORDER)]
        place = Case(*places, output_field=IntegerField())
        rows = Task.objects.annotate(place=place).order_by("place", "-id")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Work beside the site",
            "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
            "most": tasks.MOST_ATTEMPTS,
            "may_try": request.user.has_perm(TRIES),
            "site": operations() if request.user.has_perm(TRIES) else None,
        }
        return TemplateResponse(request, "admin/articles/task/change_list.html", context)

    def act(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(TRIES):
            raise PermissionDenied
        said = request.POST.get("again", "")
        task = Task.objects.filter(pk=int(said) if said.isdecimal() else 0).first()
        if task is not None and tasks.again(task):
            messages.success(request, f"{task} waits for the worker again.")
        else:
            messages.error(request, "It waits already, or somebody else was first.")
        return HttpResponseRedirect(reverse("admin:articles_task_changelist"))
