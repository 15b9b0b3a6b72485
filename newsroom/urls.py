"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from articles.admin.people import Join

from . import health

admin.autodiscover()

urlpatterns = [
    path("admin/join/<uidb64>/<token>/", Join.as_view(), name="join"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("articles.public.urls")),
]
