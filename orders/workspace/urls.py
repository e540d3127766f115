"""Addresses of the operators' order screens, inside the admin's own namespace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, register_converter

from orders.workspace import (
    bulk,
    costly,
    desk_views,
    documents,
    downloads,
    operations,
    paper_runs,
    papers,
    proof,
    replanning,
    views,
)

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


class OrderNumber:
    """`MER-10489`: told apart from the names of tables, which have no capitals."""

    regex = r"[A-Z0-9]+(?:-[A-Z0-9]+)+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(OrderNumber, "order_number")


def workspace_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen and operation; `wrap` is the site's own door."""
    number = "orders/<order_number:number>/"
    return [
        path("orders/", wrap(desk_views.OrderListView.as_view()), name="workspace_list"),
        path("orders/views/", wrap(desk_views.SavedViewsView.as_view()), name="workspace_views"),
        path("orders/bulk/", wrap(bulk.BulkDraftView.as_view()), name="workspace_bulk"),
        path("orders/bulk/<int:pk>/", wrap(bulk.BulkRunView.as_view()), name="workspace_bulk_run"),
        path("orders/bulk/<int:pk>/result.csv", wrap(bulk.run_result), name="workspace_bulk_result"),
        path("orders/export/", wrap(desk_views.ExportView.as_view()), name="workspace_export"),
        path("orders/export/<int:pk>/", wrap(desk_views.export_job), name="workspace_export_job"),
        path("orders/export/<int:pk>/file/", wrap(desk_views.export_file), name="workspace_export_file"),
        path("orders/documents/print/", wrap(documents.PrintView.as_view()), name="workspace_print"),
        path("orders/papers/print/", wrap(papers.PrintPapersView.as_view()), name="workspace_print_papers"),
        path("orders/papers/<int:pk>/", wrap(paper_runs.paper_run), name="workspace_paper_run"),
        path("orders/papers/<int:pk>/file/", wrap(paper_runs.paper_run_file), name="workspace_paper_run_file"),
        path(number, wrap(views.OrderView.as_view()), name="workspace_order"),
        path(f"{number}documents/<str:document>/", wrap(documents.DocumentView.as_view()), name="workspace_document"),
        path(f"{number}papers/", wrap(papers.IssueView.as_view()), name="workspace_issue_paper"),
        path(f"{number}papers/<str:paper>/", wrap(papers.PaperView.as_view()), name="workspace_paper"),
        path(f"{number}proof/", wrap(proof.ProofView.as_view()), name="workspace_proof"),
        path(f"{number}parcels/<int:parcel>/pack/", wrap(operations.PackView.as_view()), name="workspace_pack"),
        path(f"{number}parcels/<int:parcel>/ship/", wrap(operations.ShipView.as_view()), name="workspace_ship"),
        path(
            f"{number}parcels/<int:parcel>/deliver/", wrap(operations.DeliverView.as_view()), name="workspace_deliver"
        ),
        path(f"{number}replan/", wrap(replanning.ReplanView.as_view()), name="workspace_replan"),
        path(f"{number}capture/", wrap(operations.CaptureView.as_view()), name="workspace_capture"),
        path(f"{number}hold/", wrap(operations.OpenHoldView.as_view()), name="workspace_hold"),
        path(f"{number}holds/<int:hold>/", wrap(operations.ResolveHoldView.as_view()), name="workspace_resolve"),
        path(f"{number}holds/<int:hold>/plan/", wrap(operations.PlanHoldView.as_view()), name="workspace_plan_hold"),
        path(f"{number}tags/", wrap(operations.TagView.as_view()), name="workspace_tag"),
        path(f"{number}notes/", wrap(operations.NoteView.as_view()), name="workspace_note"),
        path(
            f"{number}downloads/<int:entitlement>/", wrap(downloads.DownloadView.as_view()), name="workspace_download"
        ),
        path(f"{number}refund/", wrap(costly.RefundView.as_view()), name="workspace_refund"),
        path(
            f"{number}refunds/<str:refund>/credit/",
            wrap(operations.CreditFailedView.as_view()),
            name="workspace_credit_failed",
        ),
        path(f"{number}cancel/", wrap(costly.CancelView.as_view()), name="workspace_cancel"),
    ]
