"""Product feeds over HTTP: whoever has the signed address may fetch the file, nobody else learns that it is there."""

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from catalog.actions.feeds import note_fetched
from catalog.exporters.feeds import feed_of

HALF_AN_HOUR = 1800


@require_safe
def product_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The feed's file as it was last written. A fetcher that has it already is told so."""
    feed = feed_of(token)
    if feed is None or not storages["private"].exists(feed.file_name):
        raise Http404
    etag = f'"{feed.checksum}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        content = storages["private"].open(feed.file_name, "rb")
        response = FileResponse(content, content_type="application/xml; charset=utf-8")
    response.headers["ETag"] = etag
    if feed.written_at:
        response.headers["Last-Modified"] = http_date(feed.written_at.timestamp())
    response.headers["Cache-Control"] = f"private, max-age={HALF_AN_HOUR}"
    response.headers["X-Robots-Tag"] = "noindex"
    note_fetched(feed_id=feed.pk)
    return response
