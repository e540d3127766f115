"""Uploaded and drawn pictures where no reverse proxy serves them: at home, in tests, in production's rehearsal."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve as serve_file

ONE_DAY = 60 * 60 * 24


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file is never a page: whatever somebody managed to upload, nothing in it runs."""
    response = serve_file(request, name, document_root=str(settings.MEDIA_ROOT))
    if isinstance(response, FileResponse):
        response.headers["Cache-Control"] = f"public, max-age={ONE_DAY}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
