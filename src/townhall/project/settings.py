"""Every setting, read from the environment. docs/running.md says what each is for."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from townhall.project import arrival, exposure, logs, networks, secrets
from townhall.project.databases import database_at, rehearsal_in
from townhall.project.limits.allowances import allowances_in

# ── Where things are ────────────────────────────────────────────────────────

BASE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("TOWNHALL_DATA") or "var")
# Nothing is for real: set by project/rehearsal for its own processes, and never turned off again.
REHEARSAL = os.environ.get("TOWNHALL_REHEARSAL") == "yes"
# The wheel holds the demonstration's services; in a checkout they stand beside `src`.
SHIPPED = BASE / "demonstration"
DEMONSTRATION = SHIPPED if SHIPPED.is_dir() else BASE.parents[1] / "services"
SERVICES = tuple(
    Path(folder) for folder in os.environ.get("TOWNHALL_SERVICES", "").split(os.pathsep) if folder
) or ((DEMONSTRATION,) if DEMONSTRATION.is_dir() else ())

# ── Who may reach us ────────────────────────────────────────────────────────

ALLOWED_HOSTS = exposure.hosts(os.environ)
BEYOND_LOOPBACK = exposure.is_beyond_loopback(os.environ)
SECRET_KEY = os.environ.get("TOWNHALL_SECRET_KEY") or secrets.DEMONSTRATION_SECRET
# Sealing keys as `id:base64,id:base64`, the current one first; read by submissions.keys.
KEYS = os.environ.get("TOWNHALL_KEYS", "")
# For counting acknowledgements to one address; made from the sealing keys where unset.
ADDRESS_KEYS = os.environ.get("TOWNHALL_ADDRESS_KEYS", "")
DEBUG = False
try:
    DATABASES = {
        "default": rehearsal_in(DATA)
        if REHEARSAL
        else database_at(os.environ.get("DATABASE_URL", ""), DATA)
    }
    secrets.read_keys(os.environ)
    UNFIT = secrets.unfit(os.environ) if BEYOND_LOOPBACK else []
    ALLOWANCES = allowances_in(os.environ, reachable=BEYOND_LOOPBACK)
    ARRIVAL_SECONDS = arrival.seconds(os.environ)
    METRICS_ALLOW = networks.read("TOWNHALL_METRICS_ALLOW", os.environ) or networks.THIS_MACHINE
    LOG_LINES = logs.formatter(os.environ)
    METRICS_TOKEN = secrets.token("TOWNHALL_METRICS_TOKEN", os.environ)
except ValueError as reason:
    raise ImproperlyConfigured(str(reason)) from None
if UNFIT:
    raise ImproperlyConfigured(exposure.unfit_words(UNFIT))

# ── The house ───────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "townhall.project",
    "townhall.runner",
    "townhall.submissions",
    "townhall.definitions",
    "townhall.retention",
    "townhall.outbox",
    "townhall.audit",
    "townhall.ui",
]
MIDDLEWARE = [
    # Outermost: styles, redirects to https, refusals and what machines ask for have them too.
    "townhall.project.headers.security_headers",
    "townhall.project.watching.watch",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "townhall.project.limits.middleware.limit_rates",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "townhall.project.urls"
WSGI_APPLICATION = "townhall.project.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, object]] = []

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ── Time and language ───────────────────────────────────────────────────────

USE_TZ = True
TIME_ZONE = "Europe/London"
USE_I18N = True
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE / "ui" / "locale"]

# ── What a browser is told ──────────────────────────────────────────────────

SECURE_HSTS_SECONDS = 31_536_000 if BEYOND_LOOPBACK else 0
SECURE_SSL_REDIRECT = BEYOND_LOOPBACK
BEHIND_PROXY = bool(os.environ.get("TOWNHALL_BEHIND_PROXY"))
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# W005, W021: with `includeSubDomains` and `preload` browsers would refuse http to every site below
# our name, which may be the council's own. That is the council's to say, in its proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SECURE = BEYOND_LOOPBACK
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# A rehearsal may stand on another port of the same host, which a browser sends the same cookies.
COOKIES = "rehearsal" if REHEARSAL else "townhall"
CSRF_COOKIE_NAME = f"__Host-{COOKIES}_form" if BEYOND_LOOPBACK else f"{COOKIES}_form"
CSRF_FAILURE_VIEW = "townhall.runner.views.faults.unproven"
SESSION_COOKIE_SECURE = BEYOND_LOOPBACK
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A year of CSRF cookie is Django's default; ours ends with the browser, as the journey does.
CSRF_COOKIE_AGE = None

# ── What a browser may send ─────────────────────────────────────────────────

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 0
FILE_UPLOAD_HANDLERS: list[str] = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# ── Styles and script ───────────────────────────────────────────────────────

STATIC_URL = "/static/"
STATIC_ROOT = BASE / "ui" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "townhall.ui.assets.BuiltAssets"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9a-f]{8}\.[a-z0-9]+$"
WHITENOISE_ALLOW_ALL_ORIGINS = False

# ── Watching ────────────────────────────────────────────────────────────────

# A file that stands there once the server has been asked to stop; web.py names and makes it.
STOPPING = os.environ.get("TOWNHALL_STOPPING", "")

# ── Logs ────────────────────────────────────────────────────────────────────

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": LOG_LINES}},
    "filters": {"warnings": {"()": logs.AsWarnings}},
    "handlers": {
        "stderr": {"()": logs.Lines, "formatter": "lines"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("TOWNHALL_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"filters": ["warnings"]},
        # Statements come with their values, which may be sealed but are nobody's business.
        "django.db.backends": {"handlers": ["nowhere"], "propagate": False},
        # These print what they send, header by header.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        "notifications_python_client": {"level": "WARNING"},
        "asyncio": {"level": "WARNING"},
    },
}
LOGGING_CONFIG = "logging.config.dictConfig"
