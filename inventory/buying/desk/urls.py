"""Addresses of the buying screens, inside the admin's own namespace."""

from django.urls import URLPattern, path

from catalog.workspace.screens import Wrap
from inventory.buying.desk import article_views as articles
from inventory.buying.desk import feed_views as feeds
from inventory.buying.desk import proposal_views as proposals
from inventory.buying.desk import purchase_views as purchases
from inventory.buying.desk import turnover_views as turnover


def buying_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen and operation; `wrap` is the site's own door."""
    one = "buying/orders/<str:number>/"
    return [
        path("buying/proposals/", wrap(proposals.ProposalsView.as_view()), name="buying_proposals"),
        path("buying/reorder-points/", wrap(proposals.AdoptView.as_view()), name="buying_adopt"),
        path("buying/orders/", wrap(purchases.PurchaseListView.as_view()), name="buying_purchases"),
        path("buying/orders/new/", wrap(purchases.NewPurchaseView.as_view()), name="buying_purchase_new"),
        path(one, wrap(purchases.PurchaseScreen.as_view()), name="buying_purchase"),
        path(f"{one}pdf/", wrap(purchases.PaperView.as_view()), name="buying_purchase_pdf"),
        path(f"{one}lines/", wrap(purchases.LinesView.as_view()), name="buying_purchase_lines"),
        path(f"{one}send/", wrap(purchases.SendView.as_view()), name="buying_purchase_send"),
        path(f"{one}again/", wrap(purchases.AgainView.as_view()), name="buying_purchase_again"),
        path(f"{one}confirm/", wrap(purchases.ConfirmView.as_view()), name="buying_purchase_confirm"),
        path(f"{one}receive/", wrap(purchases.ReceiveView.as_view()), name="buying_purchase_receive"),
        path(f"{one}rest/", wrap(purchases.RestView.as_view()), name="buying_purchase_rest"),
        path(f"{one}cancel/", wrap(purchases.CancelView.as_view()), name="buying_purchase_cancel"),
        path(
            f"{one}deliveries/<int:receipt>/settle/",
            wrap(purchases.SettleView.as_view()),
            name="buying_purchase_settle",
        ),
        path("buying/turnover/", wrap(turnover.TurnoverView.as_view()), name="buying_turnover"),
        path("buying/turnover.csv", wrap(turnover.TurnoverFileView.as_view()), name="buying_turnover_csv"),
        path("buying/suppliers/<int:pk>/articles/", wrap(articles.ArticlesView.as_view()), name="buying_articles"),
        path(
            "buying/suppliers/<int:pk>/articles.csv",
            wrap(articles.ArticlesFileView.as_view()),
            name="buying_articles_csv",
        ),
        path("buying/feeds/<int:pk>/upload/", wrap(feeds.UploadView.as_view()), name="buying_feed_upload"),
        path("buying/feeds/<int:pk>/secret/", wrap(feeds.SecretView.as_view()), name="buying_feed_secret"),
        path("buying/feeds/runs/<int:pk>/settle/", wrap(feeds.SettleRunView.as_view()), name="buying_feed_settle"),
    ]
