"""Categories, brands, makers, options, attributes and filters."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from catalog.actions.categories import relist_below
from catalog.actions.routes import names_of, unmoved_names
from catalog.actions.tree import check_above, lock_tree
from catalog.actions.vocabulary import note_vocabulary
from catalog.admin.forms import translated
from catalog.errors import CategoryCycle, ChangedMeanwhile
from catalog.models import (
    AttributeDef,
    AttributeOption,
    Brand,
    Category,
    CategoryFacet,
    FacetDef,
    Maker,
    OptionType,
    OptionValue,
    ProductType,
)
from core.admin import HTTPS


class VocabularyAdmin(admin.ModelAdmin[Any]):
    """Rows without rules of their own; what follows from a change is one action."""

    list_per_page = 100
    show_full_result_count = False
    formfield_overrides = HTTPS

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every column once; a translated one in every language."""
        words = _translated_columns(self.model)
        columns = [
            f.name for f in self.model._meta.fields if f.concrete and f.editable and f.name not in {"id", "i18n"}
        ]
        columns += [f.name for f in self.model._meta.many_to_many]
        return [name for column in columns for name in (translated(column) if column in words else [column])]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Save, then let slugs, filters and derived rows follow."""
        super().save_model(request, obj, form, change)
        note_vocabulary(row=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The same for rows inside."""
        super().save_formset(request, form, formset, change)
        for row in (*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)):
            note_vocabulary(row=row)


def _translated_columns(model: type[Model]) -> set[str]:
    """The columns that have words in several languages."""
    return {name for field in model._meta.fields if isinstance(field, TranslationField) for name in field.fields}


class OptionValueInline(admin.TabularInline[OptionValue, OptionType]):
    """Values with their names and colours."""

    model = OptionValue
    extra = 0
    fields = ("code", *translated("name"), "hex", "position")


class AttributeOptionInline(admin.TabularInline[AttributeOption, AttributeDef]):
    """Choices with their names."""

    model = AttributeOption
    extra = 0
    fields = ("code", *translated("name"), "position")


class CategoryFacetInline(admin.TabularInline[CategoryFacet, Category]):
    """Which filters a category shows, in which order; the filters themselves come with options and attributes."""

    model = CategoryFacet
    extra = 0
    fields = ("facet", "position")
    verbose_name_plural = _("filters shown here and below; without any, those of the category above")


class CategoryForm(ModelForm[Category]):
    """Checked under the tree's lock, in the transaction that saves: nobody moves a category meanwhile."""

    def clean(self) -> dict[str, Any]:
        """What was not changed here stays where it is by now; a parent below the category is refused."""
        told = super().clean() or {}
        tree = lock_tree()
        if self.instance._state.adding:
            return told
        now = Category.objects.select_related("parent").filter(pk=self.instance.pk).first()
        if now is None:
            raise ValidationError(str(ChangedMeanwhile()))
        for name in {"parent", "position"} - set(self.changed_data):
            told[name] = getattr(now, name)
        try:
            check_above(tree, now.pk, told["parent"].pk if told.get("parent") else None)
        except CategoryCycle as refusal:
            self.add_error("parent", str(refusal))
        return told


@admin.register(Category)
class CategoryAdmin(VocabularyAdmin):
    """The tree of shelves."""

    form = CategoryForm
    inlines = (CategoryFacetInline,)

    list_display = ("name", "code", "parent", "position", "active", "in_menu")
    list_filter = ("active", "parent")
    list_select_related = ("parent",)
    search_fields = ("name", "code")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Save; slugs follow names that changed, and chosen ones stay where the name did."""
        before = Category.objects.filter(pk=obj.pk).first() if change else None
        names = names_of(before) if before else {}
        admin.ModelAdmin.save_model(self, request, obj, form, change)
        note_vocabulary(row=obj, keep=unmoved_names(names, obj))
        if before is not None and before.parent_id != obj.parent_id:
            relist_below(category_id=obj.pk)


@admin.register(OptionType)
class OptionTypeAdmin(VocabularyAdmin):
    """Options and their values."""

    list_display = ("name", "code", "input", "position")
    inlines = (OptionValueInline,)


@admin.register(AttributeDef)
class AttributeDefAdmin(VocabularyAdmin):
    """Structured details and their choices. What products say follows in the screen for details, not here."""

    list_display = ("name", "code", "data_type", "section", "unit", "filterable", "position")
    list_filter = ("data_type", "section", "filterable")
    inlines = (AttributeOptionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: AttributeDef | None = None) -> tuple[str, ...]:
        """Another kind of value or another unit asks what products already say."""
        return ("data_type", "unit") if obj else ()


@admin.register(Brand)
class BrandAdmin(VocabularyAdmin):
    """Brands."""

    list_display = ("name", "code")
    search_fields = ("name", "code")


@admin.register(Maker)
class MakerAdmin(VocabularyAdmin):
    """Makers and responsible persons."""

    list_display = ("name", "code", "country", "email", "website")
    search_fields = ("name", "code")


@admin.register(ProductType)
class ProductTypeAdmin(VocabularyAdmin):
    """Kinds of products."""

    list_display = ("name", "code", "kind", "requires_shipping")


@admin.register(FacetDef)
class FacetDefAdmin(VocabularyAdmin):
    """Filters of listings: their order, and which are shown. They come with options and attributes."""

    list_display = ("key", "kind", "position", "active")
    list_editable = ("position", "active")
    readonly_fields = ("kind", "option_type", "attribute")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Options and attributes bring their own."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A filter is switched off, not deleted."""
        return False
