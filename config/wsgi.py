"""The WSGI entry point: `gunicorn config.wsgi`."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from config import env

env.announce({"DJANGO_SETTINGS_MODULE": "config.settings.prod"})
application = get_wsgi_application()
