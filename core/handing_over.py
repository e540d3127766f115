"""Private files handed over by the shop itself, after it has looked at who asks: whole, or from where it stopped."""

import re
from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from django.core.files.storage import storages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

PIECE = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def hand_over(
    name: str, *, called: str, content_type: str, size: int, asked_range: str = "", by_proxy: str = ""
) -> HttpResponseBase:
    """A file of the private storage as a download called `called`.

    With `by_proxy` (an internal address of the reverse proxy) the proxy sends the bytes, ranges included. Otherwise
    one range of bytes is understood; several at once get the whole file, and one beyond its end gets a 416.
    """
    if by_proxy:
        response: HttpResponseBase = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{by_proxy.rstrip('/')}/{quote(name)}"
        return _private(response, called)
    span = _span(asked_range, size)
    if span is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return _private(refused, called)
    start, stop = span
    content = storages["private"].open(name, "rb")
    content.seek(start)
    is_part = (start, stop) != (0, size)
    response = StreamingHttpResponse(
        _pieces(content, stop - start), content_type=content_type, status=206 if is_part else 200
    )
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(stop - start)
    if is_part:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return _private(response, called)


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """From which byte to before which; the whole file for what is no single range, none for one beyond its end."""
    found = RANGE.fullmatch(asked.strip())
    if found is None or not (found[1] or found[2]):
        return 0, size
    if not found[1]:
        return (max(size - int(found[2]), 0), size) if int(found[2]) else None
    start = int(found[1])
    stop = min(int(found[2]) + 1, size) if found[2] else size
    return (start, stop) if start < stop else None


def _pieces(content: IO[bytes], left: int) -> Iterator[bytes]:
    with content:
        while left > 0 and (piece := content.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def _private(response: HttpResponseBase, called: str) -> HttpResponseBase:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=called) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
