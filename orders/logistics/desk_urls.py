"""Addresses of the operators' screens of parcels and labels, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from orders.logistics import desk, label_desk, unsure_labels

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


def logistics_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen and operation; `wrap` is the site's own door."""
    one = "parcels/<int:pk>/"
    label = "orders/<order_number:number>/parcels/<int:parcel>/label/"
    return [
        path("parcels/", wrap(desk.TroubleListView.as_view()), name="workspace_parcels"),
        path(one, wrap(desk.TroubleScreen.as_view()), name="workspace_parcel"),
        path(f"{one}plan/", wrap(desk.PlanView.as_view()), name="workspace_parcel_plan"),
        path(f"{one}resolve/", wrap(desk.ResolveView.as_view()), name="workspace_parcel_resolve"),
        path(f"{one}claim/", wrap(desk.ClaimView.as_view()), name="workspace_parcel_claim"),
        path(f"{one}files/", wrap(desk.FilesView.as_view()), name="workspace_parcel_files"),
        path(f"{one}files/<int:proof>/", wrap(desk.proof_file), name="workspace_parcel_proof"),
        path(f"{one}push/", wrap(desk.PushAgainView.as_view()), name="workspace_parcel_push"),
        path("labels/", wrap(label_desk.LabelListView.as_view()), name="workspace_labels"),
        path("labels/<int:pk>/file/", wrap(label_desk.label_file), name="workspace_label_file"),
        path(label, wrap(label_desk.LabelView.as_view()), name="workspace_label"),
        path(f"{label}buy/", wrap(label_desk.BuyLabelView.as_view()), name="workspace_label_buy"),
        path(f"{label}back/", wrap(label_desk.GiveBackLabelView.as_view()), name="workspace_label_back"),
        path(f"{label}again/", wrap(unsure_labels.AskAgainView.as_view()), name="workspace_label_again"),
        path(f"{label}give-up/", wrap(unsure_labels.GiveUpView.as_view()), name="workspace_label_up"),
        path(f"{label}send/", wrap(label_desk.SendWithLabelView.as_view()), name="workspace_label_send"),
    ]
