"""Every address of the site."""

from django.conf import settings
from django.conf.urls.static import static
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
    # Without the path of SITE_URL, which is cut off before addresses are matched; DEBUG only.
    *static("/media/", document_root=settings.MEDIA_ROOT),
    path("", include("articles.public.urls")),
]
