"""Two questions a load balancer asks: is the process alive, and may it get shoppers?"""

from __future__ import annotations

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked, so a slow database never gets a healthy process killed."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """No without a database. Without Redis the shop is slower but sells, so that is said and not held against it."""
    database, cache = database_answers(), redis_answers(settings.REDIS_URL)
    parts = {"database": "ok" if database else "down", "redis": "ok" if cache else "degraded"}
    return JsonResponse(parts, status=200 if database else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def redis_answers(address: str) -> bool:
    """One try with short time-outs: the client's own patience would hold the answer up for seconds."""
    client = redis.Redis.from_url(address, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0))
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
