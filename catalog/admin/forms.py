"""Forms of products and variants: read into drafts, tried on the actions, then done."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from modeltrans.conf import get_available_languages, get_default_language
from modeltrans.utils import build_localized_fieldname

from catalog.actions.products import create_product, update_product
from catalog.actions.variants import add_variant, update_variant
from catalog.drafts import ProductDraft, VariantDraft
from catalog.models import OptionType, OptionValue, Product, Variant
from core.errors import DomainError
from markets.models import LegalEntity

PRODUCT_TEXTS = (
    "name",
    "summary",
    "description",
    "selling_points",
    "usage_notes",
    "safety_warnings",
    "search_words",
    "meta_title",
    "meta_description",
)
PRODUCT_FACTS = (
    "product_type",
    "kind",
    "tax_category",
    "primary_category",
    "categories",
    "brand",
    "maker",
    "responsible_person",
    "merchant_code",
    "model_code",
    "tags",
    "featured_rank",
    "new_until",
    "released_at",
    "preorder_until",
)
VARIANT_FACTS = (
    "sku",
    "gtin",
    "status",
    "position",
    "weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "content_amount",
    "content_unit",
    "hs_code",
    "origin_country",
    "customs_description",
    "battery_flag",
    "restricted_flags",
    "purchase_limit",
    "max_cart_qty",
)
OPTION = "option_"


def translated(field: str) -> list[str]:
    """The names of a text's fields, the default language first."""
    default = get_default_language()
    others = [code for code in get_available_languages() if code != default]
    return [field, *(build_localized_fieldname(field, code) for code in others)]


def _sellers(kept: str) -> list[tuple[str, str]]:
    """Who can sell a product: the seller of the market, one of the shop's, or what is written there already."""
    found = dict(LegalEntity.objects.filter(active=True).order_by("name").values_list("code", "name"))
    return [("", "–"), *({kept: kept} | found if kept else found).items()]


class TriedForm(forms.ModelForm[Any]):
    """Tries the action before the page says yes: a refusal stands above the form and nothing typed is lost."""

    def perform(self) -> Any:
        """Call the action with what the form says."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any] | None:
        """The fields, if the action would take them."""
        cleaned = super().clean()
        if not self.errors:
            try:
                with transaction.atomic():
                    self.perform()
                    transaction.set_rollback(True)
            except DomainError as refusal:
                self.add_error(None, str(refusal))
        return cleaned


class ProductForm(TriedForm):
    """Facts, and words in every language."""

    options = forms.ModelMultipleChoiceField(
        OptionType.objects.all(), label=_("Options"), required=False, help_text=_("They stay once variants use them.")
    )
    tags = SimpleArrayField(forms.CharField(max_length=80), label=_("Tags"), required=False)
    merchant_code = forms.ChoiceField(
        label=_("Seller"), required=False, help_text=_("Nobody chosen: the seller of the market sells it.")
    )

    class Meta:
        model = Product
        fields = ["code", *PRODUCT_FACTS, *PRODUCT_TEXTS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["merchant_code"]).choices = _sellers(self.instance.merchant_code)
        if self.instance.pk:
            self.initial["options"] = list(self.instance.options.values_list("option_type_id", flat=True))
        for text in PRODUCT_TEXTS:
            self._add_languages(text)

    def _add_languages(self, text: str) -> None:
        """The same field once more per language, empty where there is no translation."""
        plain = self.fields[text]
        for name in translated(text)[1:]:
            self.fields[name] = forms.CharField(
                label=plain.label,
                required=False,
                widget=type(plain.widget)(plain.widget.attrs),
                help_text=plain.help_text,
            )
            self.initial[name] = (self.instance.i18n or {}).get(name, "")

    def perform(self) -> Product:
        """Create or update the product."""
        if not self.instance.pk:
            return create_product(draft=self.draft())
        update_product(product_id=self.instance.pk, draft=self.draft())
        return Product.objects.get(pk=self.instance.pk)

    def draft(self) -> ProductDraft:
        """What the form says the product should be."""
        given = self.cleaned_data

        def code(name: str) -> str | None:
            return given[name].code if given.get(name) else None

        return ProductDraft(
            code=given.get("code") or self.instance.code,
            product_type=given["product_type"].code,
            tax_category=given["tax_category"].pk,
            texts={text: self._words(text) for text in PRODUCT_TEXTS},
            options=tuple(option.code for option in given["options"]),
            brand=code("brand"),
            maker=code("maker"),
            responsible_person=code("responsible_person"),
            primary_category=code("primary_category"),
            categories=tuple(category.code for category in given["categories"]),
            tags=tuple(given["tags"]),
            merchant_code=given["merchant_code"],
            **{
                name: given[name]
                for name in ("kind", "model_code", "featured_rank", "new_until", "released_at", "preorder_until")
            },
        )

    def _words(self, text: str) -> Mapping[str, str]:
        languages = [
            get_default_language(),
            *(code for code in get_available_languages() if code != get_default_language()),
        ]
        return {
            language: self.cleaned_data.get(name) or ""
            for language, name in zip(languages, translated(text), strict=True)
        }


class VariantForm(TriedForm):
    """Facts of one variant. A subclass made per product has a field for each of its options."""

    restricted_flags = SimpleArrayField(forms.CharField(max_length=40), label=_("Restrictions"), required=False)
    product_id: int

    class Meta:
        model = Variant
        fields = list(VARIANT_FACTS)

    def perform(self) -> Variant:
        """Add or update the variant."""
        if not self.instance.pk:
            return add_variant(product_id=self.product_id, draft=self.draft())
        update_variant(variant_id=self.instance.pk, draft=self.draft())
        return Variant.objects.get(pk=self.instance.pk)

    def draft(self) -> VariantDraft:
        """What the form says the variant should be."""
        given = self.cleaned_data
        values = {name.removeprefix(OPTION): value.code for name, value in given.items() if name.startswith(OPTION)}
        facts = {name: given[name] for name in VARIANT_FACTS if name in given and name != "restricted_flags"}
        facts |= {name: facts[name] or None for name in ("hs_code", "origin_country")}
        return VariantDraft(values=values, restricted_flags=tuple(given["restricted_flags"]), **facts)


def variant_form(product: Product, variant: Variant | None) -> type[VariantForm]:
    """A form with the options of this product."""
    chosen = set(variant.value_ids) if variant else set()
    fields: dict[str, Any] = {"product_id": product.pk}
    for option in product.options.select_related("option_type"):
        values = OptionValue.objects.filter(option_type=option.option_type_id)
        now = next((value for value in values if value.pk in chosen), None)
        fields[f"{OPTION}{option.option_type.code}"] = forms.ModelChoiceField(
            values, label=option.option_type.name, initial=now
        )
    return type("VariantForm", (VariantForm,), fields)
