"""Settings of the site; everything a deployment may change is read here from the environment."""

import os
from pathlib import Path

import environ

from .environment import contact, database, integers, one_of, secret_key, site_address

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# What a deployment says.
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key(env.str("SECRET_KEY", default=""), debug=DEBUG)
SITE_NAME = env.str("SITE_NAME", default="Newsroom")
SITE_URL, SITE_HOST, SITE_PATH = site_address(env.str("SITE_URL", default="http://127.0.0.1:8000"))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST, *(["localhost"] if DEBUG else [])])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_SSL = env.bool("SECURE_SSL", default=not DEBUG)
# Only behind a proxy that sets X-Forwarded-Proto itself: else any visitor could claim https.
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
DATABASES = {
    "default": database(
        env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
        pool_size=env.int("DATABASE_POOL", default=10),
    )
}
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
MAIL = env.email_url("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = MAIL["EMAIL_HOST"] or "localhost", MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = MAIL["EMAIL_FILE_PATH"] or None
# Notices are mailed in the request that caused them; a server that hangs must not hold it up.
EMAIL_TIMEOUT = 10
SENDS_MAIL = not EMAIL_BACKEND.endswith("dummy.EmailBackend")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default=f"newsroom@{SITE_HOST}")
# Whom to tell of a security hole: named in /.well-known/security.txt.
SECURITY_CONTACT = contact(env.str("SECURITY_CONTACT", default=""))
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
# Background work runs in the request that asked for it, or in `manage.py work` beside the site.
TASKS = one_of("TASKS", env.str("TASKS", default="inline"), ("inline", "worker"))
# Where brought files wait to be imported; a worker on another machine needs to see it as well.
UPLOAD_FOLDER = env.str("UPLOAD_FOLDER", default=str(BASE_DIR / "uploads"))

# What the newsroom decides about itself.
FOUR_EYES = env.bool("FOUR_EYES", default=False)
REAPPROVE_ON_EDIT = env.bool("REAPPROVE_ON_EDIT", default=True)
MIN_TOPICS = env.int("MIN_TOPICS", default=1)
LIVE_TEXT = one_of("LIVE_TEXT", env.str("LIVE_TEXT", default="draft"), ("draft", "take"))
COVERAGE = one_of("COVERAGE", env.str("COVERAGE", default="imported"), ("imported", "reviewed"))
CLAIM_IDLE_MINUTES = env.int("CLAIM_IDLE_MINUTES", default=30)
HALF_LIFE_HOURS = env.float("HALF_LIFE_HOURS", default=12.0)
# Pictures of articles: those kept here, or with "linked" also straight from their publishers, who
# then see the addresses of readers.
PICTURES = one_of("PICTURES", env.str("PICTURES", default="kept"), ("kept", "linked"))
EMBED_HOSTS = env.list(
    "EMBED_HOSTS",
    default=[
        "www.youtube.com",
        "www.youtube-nocookie.com",
        "player.vimeo.com",
        "channel9.msdn.com",
    ],
)
# Where `frontmatter sync --git` fetches from and pushes to; the branch that is checked out when
# none is named.
REPOSITORY_URL = env.str("REPOSITORY_URL", default="")
REPOSITORY_BRANCH = env.str("REPOSITORY_BRANCH", default="")
# FRONTMATTER_MAX_TITLE=200 gives {"title": 200}: arguments of `Limits`, which holds the defaults.
FRONTMATTER_LIMITS = integers(os.environ, prefix="FRONTMATTER_MAX_")
# The same for what is brought to the desk: arguments of `articles.uploads.Limits`.
UPLOAD_LIMITS = integers(os.environ, prefix="UPLOAD_MAX_")

# What is the same everywhere.
INSTALLED_APPS = [
    "newsroom.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles, so that the development server serves files as production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "providers",
    "articles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.zones.PersonalZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
ASGI_APPLICATION = "newsroom.asgi.application"

TEMPLATES = [
    # What readers are shown: Jinja2 makes a page in a fraction of the time.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "reader"],
        "OPTIONS": {
            "environment": "articles.public.environment.environment",
            "context_processors": ["newsroom.context.site"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context.site",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
USE_I18N = True

FORCE_SCRIPT_NAME = SITE_PATH or None
STATIC_URL = f"{SITE_PATH}/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_URL = f"{SITE_PATH}/media/"
MEDIA_ROOT = BASE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["newsroom.accounts.DeskBackend"]
CSRF_FAILURE_VIEW = "articles.admin.open_forms.csrf_failed"
# How long the link of an invitation may be used, in seconds.
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", *(["https:"] if PICTURES == "linked" else [])],
        "frame-src": [f"https://{host}" for host in EMBED_HOSTS],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

SECURE_SSL_REDIRECT = SECURE_SSL
# Whoever asks whether the process is alive asks it directly, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^(.*/)?(healthz|readyz)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL
SECURE_HSTS_PRELOAD = SECURE_SSL
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{SITE_PATH}/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
