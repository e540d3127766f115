"""Addresses of the dispute screens, inside the admin's own namespace."""

from django.urls import URLPattern, path

from orders.disputing import views
from orders.workspace.urls import Wrap


def dispute_urls(wrap: Wrap) -> list[URLPattern]:
    """The page and its file."""
    return [
        path("disputes/<int:pk>/", wrap(views.DisputeView.as_view()), name="workspace_dispute"),
        path("disputes/<int:pk>/evidence.zip", wrap(views.EvidenceView.as_view()), name="workspace_evidence"),
    ]
