"""Addresses of the console, inside the admin's own namespace."""

from django.urls import URLPattern, path

from config.console import customs_tables, exports, feeds, import_downloads, imports, keys, mails, views
from config.second_factor import sign_in_again
from orders.workspace.urls import Wrap


def console_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    return [
        path("sign-in-again/", wrap(sign_in_again), name="sign_in_again"),
        path("search/", wrap(views.search), name="console_search"),
        path("keys/", wrap(keys.KeysView.as_view()), name="console_keys"),
        path("customs-tables/", wrap(customs_tables.CustomsTablesView.as_view()), name="console_customs"),
        path("customs-tables/<int:pk>/", wrap(customs_tables.customs_job), name="console_customs_job"),
        path("customs-tables/<int:pk>/apply/", wrap(customs_tables.apply_customs_job), name="console_customs_apply"),
        path("customs-tables/<slug:name>.csv", wrap(customs_tables.export_table), name="console_customs_export"),
        path("export/", wrap(exports.ExportView.as_view()), name="console_export"),
        path("export/feeds/", wrap(feeds.FeedsView.as_view()), name="console_feeds"),
        path("export/feeds/<int:pk>/<slug:verb>/", wrap(feeds.feed_operation), name="console_feed_operation"),
        path("export/<int:pk>/", wrap(exports.export_job), name="console_export_job"),
        path("export/<int:pk>/file/", wrap(exports.export_file), name="console_export_file"),
        path("export/<int:pk>/stop/", wrap(exports.stop_export), name="console_export_stop"),
        path("messages/", wrap(mails.MailsView.as_view()), name="console_mails"),
        path("messages/<slug:kind>/<str:language>/", wrap(mails.mail_frame), name="console_mail_frame"),
        path("import/", wrap(imports.ImportView.as_view()), name="console_import"),
        path("import/<int:pk>/", wrap(imports.job_page), name="console_job"),
        path("import/<int:pk>/decide/", wrap(imports.decide_job), name="console_job_decide"),
        path("import/<int:pk>/apply/", wrap(imports.apply_job), name="console_job_apply"),
        path("import/<int:pk>/stop/", wrap(imports.stop_job), name="console_job_stop"),
        path("import/<int:pk>/resume/", wrap(imports.go_on_with_job), name="console_job_resume"),
        path("import/<int:pk>/rows.csv", wrap(import_downloads.job_errors), name="console_job_errors"),
        path("import/<int:pk>/differences.csv", wrap(import_downloads.job_changes), name="console_job_changes"),
        path("import/<int:pk>/refused/", wrap(import_downloads.job_refused), name="console_job_refused"),
        path("import/columns/<int:pk>/forget/", wrap(imports.forget), name="console_mapping_forget"),
    ]
