"""What is true everywhere: apps, pages, database, caches, languages, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_stubs_ext

from config import env
from config.launch.places import served_addresses
from config.settings.accounts import *  # noqa: F403 (settings are read from one module by name)
from config.settings.queue import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.shop import *  # noqa: F403
from config.settings.third_parties import *  # noqa: F403

django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parents[2]
BASE_DIR = ROOT
VAR = Path(env.text("STATE_DIR", str(ROOT / "var")))

# The embedded servers' sockets are where the launcher puts them; a set DATABASE_URL or REDIS_URL always wins.
ADDRESSES = served_addresses(ROOT)

OUR_APPS = [
    "core",
    "markets",
    "catalog",
    "inventory",
    "payments",
    "members",
    "marketing",
    "cart",
    "orders",
    "checkout",
    "content",
    "merchants",
    "analytics",
]
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    *OUR_APPS,
    "config.admin_apps.PortolanAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_celery_beat",
    "django_countries",
    "django_htmx",
    "django_structlog",
    "djmoney",
    "modeltrans",
    "pgtrigger",
    "pghistory",
    "phonenumber_field",
    "tree_queries",
]
MIDDLEWARE = [
    "config.middleware.SecurityHeaders",
    "config.middleware.HealthQuestions",
    "config.middleware.VisitorAddress",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "markets.middleware.MarketMiddleware",
    "checkout.visits.NoteVisits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.middleware.MemberPrices",
    "config.middleware.OperatorTime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.middleware.ActorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "markets.context.market",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Nothing waits for ever: a stuck lock, a runaway query and a forgotten transaction all end by themselves.
DATABASE = env.database("DATABASE_URL", default=ADDRESSES.database)
DATABASE["OPTIONS"] |= {
    "options": " ".join(
        (
            f"-c lock_timeout={env.text('DB_LOCK_TIMEOUT', '3s')}",
            f"-c statement_timeout={env.text('DB_STATEMENT_TIMEOUT', '10s')}",
            f"-c idle_in_transaction_session_timeout={env.text('DB_IDLE_TIMEOUT', '15s')}",
        )
    ),
    "connect_timeout": 3,
    "application_name": "portolan",
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **DATABASE,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.number("DB_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}

REDIS_URL = env.redis_address("REDIS_URL", number=env.number("REDIS_FIRST_NUMBER", default=0), default=ADDRESSES.redis)
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "config.cache.TolerantRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portolan-1",
        "TIMEOUT": 300,
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("pt-br", "Português (Brasil)"),
    ("ja", "日本語"),
    ("zh-hans", "简体中文"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [ROOT / "locale"]
MODELTRANS_AVAILABLE_LANGUAGES = tuple(code for code, _ in LANGUAGES if code != LANGUAGE_CODE)
MODELTRANS_FALLBACK: dict[str, tuple[str, ...]] = {"default": ("en",)}
PHONENUMBER_DEFAULT_FORMAT = "E164"
PHONENUMBER_DB_FORMAT = "E164"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"] if (ROOT / "static").is_dir() else []
MEDIA_URL = env.text("MEDIA_URL", "/media/")
MEDIA_ROOT = VAR / "media"
# In production the reverse proxy serves them.
SERVE_MEDIA = env.flag("SERVE_MEDIA", default=False)
STORAGES: dict[str, dict[str, Any]] = {
    "default": file_storage(),  # noqa: F405 (from third_parties)
    # Files that only a checked request may have: exports, feeds. Never under MEDIA_ROOT, never in a public bucket.
    "private": private_storage(VAR / "private"),  # noqa: F405 (from third_parties)
    "staticfiles": {"BACKEND": "config.static_files.HashedStaticFiles"},
}
# Which copies of pictures there are: webp and jpeg; avif is smaller and costs the workers far more time.
PRIVATE_FILES_BY_PROXY = env.text("PRIVATE_FILES_BY_PROXY", "")
"""An internal address of the reverse proxy that sends files of the private storage; empty: the shop sends them."""

PICTURE_FORMATS = env.words("PICTURE_FORMATS", default="webp,jpeg")
WHITENOISE_MAX_AGE = 60 * 60
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A sheet of prices or stock is one form; see catalog.workspace.sheets.MOST_CELLS.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING_CONFIG = "config.logs.configure"
LOGGING: dict[str, Any] = {"as_json": False, "level": env.text("LOG_LEVEL", "INFO")}
# The user would be looked up in the database for each log line; the audit trail says who did what.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10
