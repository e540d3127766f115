"""Addresses of the operators' screens for changes, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from orders.changes import screens, seller_screens, unit_screens
from orders.exchanging import desk as exchanges

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def change_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    number = "orders/<order_number:number>/"
    return [
        path(f"{number}change/", wrap(screens.EditView.as_view()), name="order_change"),
        path(f"{number}change/withdraw/", wrap(screens.WithdrawView.as_view()), name="order_change_withdraw"),
        path(f"{number}cancel-part/", wrap(unit_screens.CancelPartView.as_view()), name="order_cancel_part"),
        path(f"{number}split/", wrap(unit_screens.SplitView.as_view()), name="order_split"),
        path(f"{number}split/sellers/", wrap(seller_screens.SplitBySellerView.as_view()), name="order_split_sellers"),
        path(f"{number}merge/", wrap(unit_screens.MergeView.as_view()), name="order_merge"),
        path(f"{number}place/", wrap(unit_screens.PlaceView.as_view()), name="order_place"),
        path(f"{number}exchange/", wrap(exchanges.OpenExchangeView.as_view()), name="order_exchange"),
        path(f"{number}again/", wrap(unit_screens.AgainView.as_view()), name="order_again"),
    ]
