"""Definitions of details over HTTP."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.attributes import (
    attribute_seen,
    change_attribute,
    create_attribute,
    merge_options,
    remove_option,
    set_options,
)
from catalog.models import AttributeDef, AttributeOption
from catalog.workspace.attribute_forms import AttributeForm, MergeForm, OptionsForm
from catalog.workspace.attributes import attribute_list, option_page, usage_of
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError

LOOK, CHANGE, ADD = "catalog.view_attributedef", "catalog.change_attributedef", "catalog.add_attributedef"


class AttributesView(View):
    """All of them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A page of the list."""
        must(request, LOOK)
        return screen(
            request,
            "admin/catalog/workspace/attributes.html",
            title=_("Details of products"),
            page=attribute_list(request.GET, get_language() or "en"),
            may_add=request.user.has_perm(ADD),
        )


class NewAttributeView(View):
    """A new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        must(request, ADD)
        return self.page(request, AttributeForm(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make it."""
        must(request, ADD)
        form = AttributeForm(None, request.POST)
        if form.is_valid():
            try:
                made = create_attribute(code=form.cleaned_data["code"], wish=form.wish())
            except DomainError as refused:
                form.add_error("code", str(refused))
            else:
                messages.success(request, _("The detail can be used now."))
                return go_to(reverse("admin:catalog_attribute", args=[made.pk]))
        return self.page(request, form, status=422)

    @staticmethod
    def page(request: HttpRequest, form: AttributeForm, *, status: int = 200) -> HttpResponse:
        """The form in its page."""
        template = "admin/catalog/workspace/attribute.html"
        return screen(request, template, status=status, title=_("New detail"), form=form, may_change=True)


class AttributeView(View):
    """One of them: what it holds, its choices, who uses it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What stands."""
        must(request, LOOK)
        return self.page(request, get_object_or_404(AttributeDef, pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save the definition or its choices, merge two choices, or take one away."""
        must(request, CHANGE)
        row = get_object_or_404(AttributeDef, pk=pk)
        deed = "remove" if "remove" in request.POST else request.POST.get("deed", "save")
        form = _form(request, row, deed)
        refusal = ""
        if deed == "remove" or form.is_valid():
            try:
                told = self._act(request, row, deed, form)
            except DomainError as refused:
                refusal = str(refused)
            else:
                messages.success(request, told)
                return go_to(reverse("admin:catalog_attribute", args=[pk]), query=request.GET.urlencode())
        row.refresh_from_db()
        refusal = refusal or _("Nothing was saved yet. Look at what is marked.")
        return self.page(request, row, refusal=refusal, **({} if deed == "remove" else {deed: form}))

    @staticmethod
    def _act(request: HttpRequest, row: AttributeDef, deed: str, form: Any) -> str:
        seen = request.POST.get("seen", "")
        if deed == "merge":
            given = form.cleaned_data
            count = merge_options(source_id=given["source"].pk, target_id=given["target"].pk)
            told = ngettext("%(count)d product was changed.", "%(count)d products were changed.", count)
            return told % {"count": count}
        if deed == "remove":
            option = get_object_or_404(AttributeOption, pk=_number(request.POST["remove"]), attribute=row)
            remove_option(option_id=option.pk)
            return _("The choice is gone.")
        if deed == "options":
            count = set_options(attribute_id=row.pk, options=form.wishes(), seen=seen)
            return ngettext("%(count)d choice was saved.", "%(count)d choices were saved.", count) % {"count": count}
        changed = change_attribute(attribute_id=row.pk, wish=form.wish(), seen=seen)
        return _("Saved.") if changed else _("Nothing was changed.")

    @staticmethod
    def page(
        request: HttpRequest,
        row: AttributeDef,
        *,
        refusal: str = "",
        save: AttributeForm | None = None,
        options: OptionsForm | None = None,
        merge: MergeForm | None = None,
    ) -> HttpResponse:
        """Everything in its page; 422 when something was refused."""
        reader = get_language() or "en"
        has_choices = row.data_type == AttributeDef.DataType.ENUM
        choices = option_page(row, request.GET) if has_choices else None
        return screen(
            request,
            "admin/catalog/workspace/attribute.html",
            status=422 if refusal else 200,
            title=row.text("name", reader),
            row=row,
            form=save or AttributeForm(row),
            choices=choices,
            options=(options or OptionsForm(choices.options)) if choices else None,
            merge=(merge or MergeForm(row)) if choices and len(choices.options) > 1 else None,
            usage=usage_of(row, reader),
            languages=settings.LANGUAGES,
            seen=attribute_seen(row),
            refusal=refusal,
            may_change=request.user.has_perm(CHANGE),
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _form(request: HttpRequest, row: AttributeDef, deed: str) -> Any:
    """The form that was sent."""
    if deed == "options":
        return OptionsForm(option_page(row, request.GET).options, request.POST)
    return MergeForm(row, request.POST) if deed == "merge" else AttributeForm(row, request.POST)
