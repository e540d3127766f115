"""Showing a page of ours in the market and language its shopper came from, outside the market's addresses."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.urls import set_urlconf
from django.utils import translation

from markets.current import in_market
from markets.prefix import urls_of
from markets.queries import find_market_of_record


@contextmanager
def shown_in(request: HttpRequest, *, market: str, language: str) -> Iterator[None]:
    """Render inside: header, links and words are those of the market and language."""
    context = find_market_of_record(market, language=language) if market else None
    with translation.override(context.language if context else language), in_market(context):
        request.market = context  # type: ignore[attr-defined]  # set as markets.middleware does
        request.LANGUAGE_CODE = context.language if context else language
        if context is not None:
            request.urlconf = urls_of(context.code)  # type: ignore[assignment]  # an address book, see markets.prefix
            set_urlconf(request.urlconf)
        yield
