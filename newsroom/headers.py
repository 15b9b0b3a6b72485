"""Headers on every answer: those that Django leaves to the site, and django-csp's policy."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

FEATURES = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope"),
    *("hid", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-create"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
"""What no page asks of a browser, and no embedded video may."""

PERMISSIONS = ", ".join(f"{feature}=()" for feature in FEATURES)


class Headers:
    """Middleware: no other site may draw our pages in or learn from the desk where people were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if "Access-Control-Allow-Origin" in response.headers:
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if response.status_code >= 400:
            # Caches may else keep a 404 for as long as they like, and a story be published there.
            response.headers.setdefault("Cache-Control", "no-cache")
        match = request.resolver_match
        if match is not None and match.app_name == "admin":
            # Addresses of the desk name what is not public. (Without any, CSRF checks would fail.)
            response.headers["Referrer-Policy"] = "same-origin"
        return response


class Policy(CSPMiddleware):
    """Middleware: the content security policy, put together once for all answers of which no view
    said anything else to django-csp."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._policy = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        said = (*vars(request), *vars(response))
        if settings.DEBUG or any(name.startswith("_csp_") for name in said):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response
