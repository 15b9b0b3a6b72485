"""Settings of the site; everything a deployment may change is read here from the environment."""

import os
from datetime import timedelta
from pathlib import Path

import environ

from .environment import (
    caches,
    contact,
    cookie_prefix,
    database,
    integers,
    likelihood,
    one_of,
    purge_address,
    secret_key,
    site_address,
)
from .faults import start_sentry
from .stores import card_fonts, picture_hosts, picture_store

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
# Readers are served and nothing is written: while the site moves, or its disk is looked at.
READ_ONLY = env.bool("READ_ONLY", default=False)
DATABASES = {
    "default": database(
        env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
        pool_size=env.int("DATABASE_POOL", default=10),
        # No page takes that long; manage.py waits for ever.
        statement_seconds=env.int("STATEMENT_SECONDS", default=30),
        read_only=READ_ONLY,
    )
}
# A copy that follows the database, for readers' pages; its answers are as late as it is.
REPLICA = "replica" if env.str("REPLICA_URL", default="") else ""
if REPLICA:
    DATABASES[REPLICA] = database(
        env.db("REPLICA_URL"),
        pool_size=env.int("DATABASE_POOL", default=10),
        statement_seconds=env.int("STATEMENT_SECONDS", default=30),
        read_only=True,
    )
    DATABASE_ROUTERS = ["articles.public.replica.ReaderRouter"]
CACHES = caches(env.cache("CACHE_URL", default="locmemcache://"))
# How long a public page is kept for its next reader; whatever changes is made anew at once.
PAGE_SECONDS = env.int("PAGE_SECONDS", default=60)
# The header that names what an answer is made of, for a CDN that keeps it CDN_SECONDS, is told by
# PURGE_URL what to forget, and is shown PURGE_HEADER.
CDN_KEYS = one_of("CDN_KEYS", env.str("CDN_KEYS", default=""), ("", "Surrogate-Key", "Cache-Tag"))
CDN_SECONDS = env.int("CDN_SECONDS", default=0)
PURGE_URL = purge_address(env.str("PURGE_URL", default=""), keys=CDN_KEYS)
PURGE_HEADER = env.str("PURGE_HEADER", default="")
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
LOG_FORMAT = one_of("LOG_FORMAT", env.str("LOG_FORMAT", default="line"), ("line", "json"))
# Who may read /metrics, which is not there without it.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Statements that take longer are kept for a day, without their values; 0: none are.
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=500)
# Background work runs in the request that asked for it, or in `manage.py work` beside the site.
TASKS = one_of("TASKS", env.str("TASKS", default="inline"), ("inline", "worker"))
# Where the worker keeps the public site as files, for a static host.
PUBLISH_FOLDER = env.str("PUBLISH_FOLDER", default="")
# Where brought files wait to be imported; a worker on another machine needs to see it as well.
UPLOAD_FOLDER = env.str("UPLOAD_FOLDER", default=str(BASE_DIR / "uploads"))

# What the newsroom decides about itself.
FOUR_EYES = env.bool("FOUR_EYES", default=False)
REAPPROVE_ON_EDIT = env.bool("REAPPROVE_ON_EDIT", default=True)
MIN_TOPICS = env.int("MIN_TOPICS", default=1)
LIVE_TEXT = one_of("LIVE_TEXT", env.str("LIVE_TEXT", default="draft"), ("draft", "take"))
COVERAGE = one_of("COVERAGE", env.str("COVERAGE", default="imported"), ("imported", "reviewed"))
AUTO_JOIN = likelihood("AUTO_JOIN", env.str("AUTO_JOIN", default=""))
AUTO_PUBLISH = env.bool("AUTO_PUBLISH", default=False)
CLAIM_IDLE_MINUTES = env.int("CLAIM_IDLE_MINUTES", default=30)
# What `manage.py prune` lets go of after so many days; 0 keeps it for ever.
KEEP_AUDIT_DAYS = env.int("KEEP_AUDIT_DAYS", default=0)
KEEP_REVISION_DAYS = env.int("KEEP_REVISION_DAYS", default=0)
KEEP_RUN_DAYS = env.int("KEEP_RUN_DAYS", default=0)
KEEP_SNAPSHOT_DAYS = env.int("KEEP_SNAPSHOT_DAYS", default=90)
HALF_LIFE_HOURS = env.float("HALF_LIFE_HOURS", default=12.0)
# Pictures of articles: those kept here, or with "linked" also straight from their publishers, who
# then see the addresses of readers.
PICTURES = one_of("PICTURES", env.str("PICTURES", default="kept"), ("kept", "linked"))
# Whether other hosts are asked for pictures and logos, by `manage.py fetch_images` and by workers.
FETCH_IMAGES = env.bool("FETCH_IMAGES", default=False)
# Where pictures are kept: local files, or s3://bucket?endpoint_url=https://…
PICTURE_STORE = env.str("PICTURE_STORE", default="")
# Fonts for letters that a drawn card's own lacks: files, or patterns like /usr/share/fonts/*.ttf.
CARD_FONTS = card_fonts(env.list("CARD_FONTS", default=[]))
# What robots.txt asks of crawlers that feed language models.
AI_CRAWLERS = one_of(
    "AI_CRAWLERS",
    env.str("AI_CRAWLERS", default="allowed"),
    ("allowed", "no-training", "refused"),
)
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
# The folder that "sync now" on the desk works on; with an address alone one beside the code.
REPOSITORY_FOLDER = env.str("REPOSITORY_FOLDER", default="")
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
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "providers",
    "articles",
]

MIDDLEWARE = [
    "newsroom.observer.Observer",
    "newsroom.kept.Kept",
    "newsroom.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.headers.Policy",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.standstill.StandStill",
    "django.middleware.common.CommonMiddleware",
    "newsroom.throttle.Throttle",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.zones.PersonalZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
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
    "pictures": picture_store(PICTURE_STORE),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["newsroom.accounts.DeskBackend"]
# Five wrong passwords for one name from one address, and that pair has to wait. Records of it all
# are our own (`articles.desk.sign_ins`).
LOGIN_PAUSE_MINUTES = env.int("LOGIN_PAUSE_MINUTES", default=15)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=LOGIN_PAUSE_MINUTES)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "articles.desk.visitors.address_of"
AXES_LOCKOUT_CALLABLE = "newsroom.accounts.locked_out"
# Requests of one visitor a minute, 0 for any number.
SEARCH_A_MINUTE = env.int("SEARCH_A_MINUTE", default=60)
API_A_MINUTE = env.int("API_A_MINUTE", default=240)
LOGIN_A_MINUTE = env.int("LOGIN_A_MINUTE", default=20)
# Who has to give a code from a telephone beside the password; anybody may.
REQUIRE_TOTP = one_of(
    "REQUIRE_TOTP", env.str("REQUIRE_TOTP", default="nobody"), ("nobody", "publishers", "staff")
)
CSRF_FAILURE_VIEW = "articles.admin.open_forms.csrf_failed"
# How long the link of an invitation may be used, in seconds.
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"django.contrib.auth.password_validation.{name}",
        "OPTIONS": {"min_length": 12} if name == "MinimumLengthValidator" else {},
    }
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{key: ["'self'"] for key in ("script-src", "style-src", "connect-src", "font-src")},
        "img-src": [
            *("'self'", "data:", *picture_hosts(PICTURE_STORE)),
            *(["https:"] if PICTURES == "linked" else []),
        ],
        "manifest-src": ["'self'"],
        "frame-src": [f"https://{host}" for host in EMBED_HOSTS] or ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        **({"upgrade-insecure-requests": True} if SECURE_SSL else {}),
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
# No other host of the domain can set a cookie of such a name; a path of its own forbids the first.
COOKIE_PREFIX = cookie_prefix(is_secure=SECURE_SSL, path=SITE_PATH)
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
# Mails lead to the desk, which Strict would meet signed out; forms are sent from our own pages.
SESSION_COOKIE_SAMESITE, CSRF_COOKIE_SAMESITE = "Lax", "Strict"
SESSION_COOKIE_AGE = 14 * 24 * 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "articles.observing.logs.JSONLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # One for every answer: for machines, which count them. Sign-ins have records of their own.
        "newsroom.requests": {"level": LOG_LEVEL if LOG_FORMAT == "json" else "WARNING"},
        "axes": {"level": "WARNING"},
    },
}
start_sentry(env.str("SENTRY_DSN", default=""))
