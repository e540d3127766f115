"""A supplier's price list over HTTP: downloaded, changed in a spreadsheet, handed in again."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from catalog.workspace.screens import must, screen
from core.admin import dress
from core.errors import DomainError
from core.money import from_minor, to_minor
from core.spreadsheets import guarded
from inventory.buying.actions.articles import ListRefused, put_articles
from inventory.buying.article_reading import FURTHER, NEEDED, read_articles
from inventory.models import Supplier, SupplierVariant

MOST_BYTES = 4 * 1024 * 1024
MOST_SHOWN = 50


class ListForm(forms.Form):
    """The file."""

    file = forms.FileField(label=gettext_lazy("CSV file"))

    def clean_file(self) -> UploadedFile[Any]:
        """No larger than a form may be."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        return file


class ArticlesView(View):
    """Hand a price list in."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form."""
        must(request, "inventory.change_suppliervariant")
        return self.page(request, get_object_or_404(Supplier, pk=pk), ListForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it over, all or nothing, and say what is wrong with it."""
        must(request, "inventory.add_suppliervariant", "inventory.change_suppliervariant")
        supplier = get_object_or_404(Supplier, pk=pk)
        form = ListForm(request.POST, request.FILES)
        problems: tuple[str, ...] = ()
        if form.is_valid():
            try:
                count = self.take(supplier, form.cleaned_data["file"].read())
            except ListRefused as refused:
                problems = refused.problems
                form.add_error("file", str(refused))
            except DomainError as refusal:
                form.add_error("file", str(refusal))
            else:
                told = ngettext("%(count)d article was taken over.", "%(count)d articles were taken over.", count)
                messages.success(request, told % {"count": count})
                return HttpResponseRedirect(
                    f"{reverse('admin:inventory_suppliervariant_changelist')}?supplier__id__exact={supplier.pk}"
                )
        return self.page(request, supplier, form, problems, status=422)

    @staticmethod
    def take(supplier: Supplier, content: bytes) -> int:
        """The list, when every row can be read. Raises `ListRefused`, `FeedUnreadable`."""
        found = read_articles(content, currency=supplier.currency)
        if found.problems:
            raise ListRefused(found.problems)
        return put_articles(supplier_id=supplier.pk, rows=found.rows)

    @staticmethod
    def page(
        request: HttpRequest,
        supplier: Supplier,
        form: forms.Form,
        problems: Sequence[str] = (),
        *,
        status: int = 200,
    ) -> HttpResponse:
        """The form; 422 when it was refused."""
        return screen(
            request,
            "admin/inventory/buying/articles.html",
            status=status,
            title=_("Price list of a supplier"),
            supplier=supplier,
            form=dress(form),
            problems=problems[:MOST_SHOWN],
            left_out=max(len(problems) - MOST_SHOWN, 0),
            needed=NEEDED,
            further=FURTHER,
            back_url=reverse("admin:inventory_supplier_change", args=[supplier.pk]),
        )


class ArticlesFileView(View):
    """The price list as it stands, in the columns that are read again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file."""
        must(request, "inventory.view_suppliervariant")
        supplier = get_object_or_404(Supplier, pk=pk)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([*NEEDED, *FURTHER])
        rows = SupplierVariant.objects.filter(supplier=supplier, is_active=True).select_related("variant")
        for row in rows.order_by("supplier_sku"):
            writer.writerow(
                [
                    guarded(row.variant.sku),
                    guarded(row.supplier_sku),
                    f"{from_minor(to_minor(row.cost), row.cost.currency.code).amount:f}",
                    row.moq,
                    row.pack,
                    "" if row.lead_days is None else row.lead_days,
                    "yes" if row.is_preferred else "no",
                ]
            )
        answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="articles-{supplier.code}.csv"'
        answer["Cache-Control"] = "private, no-store"
        return answer
