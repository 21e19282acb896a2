"""Django settings, all from the environment and the data directory's secrets file."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from tongke.config.logs import logging_settings
from tongke.config.runtime import data_dir, embedded_url, installation_secrets

PACKAGE = Path(__file__).resolve().parent.parent
SECRETS = installation_secrets()
SECRET_KEY = SECRETS.django
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TONGKE_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

# Owner for migrations and administration, tongke_app for all else: row-level security binds only the latter.
AS_OWNER = os.environ.get("TONGKE_AS_OWNER") == "1"


def database(url: str, *, role: str = "") -> dict[str, object]:
    """Turn a PostgreSQL URL into Django's settings; ``role`` is assumed on every connection."""
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    if role:
        options["options"] = f"-c role={role}"
    return {
        "ENGINE": "tongke.kernel.db",
        "NAME": unquote(parts.path.lstrip("/")) or "tongke",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or options.pop("port", "") or "",
        "CONN_MAX_AGE": None,
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": False,
        "SCOPED": not AS_OWNER,
    }


DATABASE_URL = os.environ.get("TONGKE_DATABASE_URL") or embedded_url("postgres")
# The embedded server knows the application's role by name; a real server's owner steps down to it,
# unless the application has a log-in of its own there.
OWN_LOGIN = os.environ.get("TONGKE_APP_DATABASE_URL") or ("" if os.environ.get("TONGKE_DATABASE_URL") else embedded_url("tongke_app"))
DATABASES = {
    "default": database(DATABASE_URL if AS_OWNER else OWN_LOGIN or DATABASE_URL, role="" if AS_OWNER or OWN_LOGIN else "tongke_app"),
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "tongke.kernel",
    "tongke.areas.staff",
    "tongke.areas.catalogue",
    "tongke.areas.party",
    "tongke.areas.resource",
    "tongke.areas.account",
    "tongke.areas.inventory",
    "tongke.areas.ordering",
    "tongke.areas.contact_centre",
    "tongke.jobs",
    "tongke.tmf",
    "tongke.web",
]
AUTH_USER_MODEL = "staff.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "tongke.config.urls"
WSGI_APPLICATION = "tongke.config.server.application"
# Who is signed in is the staff room's business (cookie STAFF_COOKIE, tongke.web.session); Django's own session
# carries no more than a page's messages to the next page, in the browser.
STAFF_COOKIE = "tongke_session"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

MIDDLEWARE: list[str] = [
    "tongke.web.kit.middleware.RefusalsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tongke.web.session.ActorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES: list[dict[str, object]] = [{
    "BACKEND": "django.template.backends.jinja2.Jinja2",
    "DIRS": sorted(PACKAGE.glob("web/*/templates")),
    "OPTIONS": {
        "environment": "tongke.web.kit.environment.environment",
        "context_processors": ["tongke.web.kit.layout.layout"],
    },
}]

# Uploaded files and the spools of imports: readable by the service only.
EXCHANGE_FOLDER = Path(os.environ.get("TONGKE_EXCHANGE") or data_dir() / "exchange")

# Where the signed copies of the audit chains' heads are kept: best on another disk than the database.
AUDIT_ANCHORS = Path(os.environ.get("TONGKE_ANCHORS") or data_dir() / "audit-anchors.jsonl")
AUDIT_ANCHOR_KEY = SECRETS.anchor_key

# Where integrators reach this installation, e.g. https://crm.example.com: hrefs of the API begin with it. Without it
# they begin with the path alone, which every client resolves against the address it asked.
PUBLIC_URL = os.environ.get("TONGKE_PUBLIC_URL", "")

# Behind a proxy that speaks TLS: TONGKE_HTTPS=1 trusts its X-Forwarded-Proto and marks cookies secure.
HTTPS = os.environ.get("TONGKE_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "tongke_page"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
FORM_RENDERER = "tongke.web.kit.widgets.KitRenderer"
CSRF_FAILURE_VIEW = "tongke.web.kit.refusals.form_expired"
CSRF_COOKIE_NAME = "tongke_csrf"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("TONGKE_ORIGINS", "").split(",") if origin]
# The web process sends a page's live stream to the small process that keeps streams open: its port, or its address.
STREAMS_PORT = int(os.environ.get("TONGKE_STREAMS_PORT", "0"))
STREAMS_URL = os.environ.get("TONGKE_STREAMS_URL", "")
# A killed worker is known as such after a quarter of a minute, and its jobs go back to the queue.
# Tasks that only the worker needs to know: their libraries are heavy.
PROCRASTINATE_IMPORT_PATHS = ["tongke.jobs.matching", "tongke.jobs.number_files", "tongke.jobs.stock_files"]
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 3, "stalled_worker_timeout": 15}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LOGGING = logging_settings()

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
