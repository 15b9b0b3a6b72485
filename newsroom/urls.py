"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles.admin.people import Join

from . import health, metrics

admin.autodiscover()
# Their pages show keys to whoever may see rows; ours (`articles.admin.account`) never do.
admin.site.unregister([StaticDevice, TOTPDevice])

handler400 = "newsroom.standstill.cut_off"
handler404 = "newsroom.refusals.not_found"
handler500 = "newsroom.standstill.fault"

urlpatterns = [
    path("admin/join/<uidb64>/<token>/", Join.as_view(), name="join"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("articles.public.urls")),
]
