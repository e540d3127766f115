"""Words of the shop in the admin: written here, seen in the shop at once."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from modeltrans.conf import get_available_languages

from catalog.translating.noting import note_texts
from content.models import HomeItem, HomeSection, MenuLink, Page, StripNotice
from content.testimonial_admin import TestimonialAdmin
from markets.cache import forget_on_commit


class WordsAdmin(admin.ModelAdmin[Any]):
    """Rows whose words are kept in memory by the pages: a change makes them read anew."""

    exclude = ["i18n"]
    words: ClassVar[tuple[str, ...]] = ()
    """Translated fields: shown in every language, the shop's own first."""

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """The facts, then the words of each language in a part of their own."""
        every = [name for name in self.get_fields(request, obj) if isinstance(name, str)]
        plain = [name for name in every if not any(name.startswith(f"{word}_") for word in self.words)]
        languages = get_available_languages(include_default=False)
        parts: list[tuple[Any, dict[str, Any]]] = [(None, {"fields": plain})]
        for language in languages:
            names = [f"{word}_{language.replace('-', '_')}" for word in self.words]
            found = [name for name in names if name in every]
            parts.append((language.upper(), {"fields": found, "classes": ["collapse"]}))
        return parts

    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm[Any], change: bool) -> None:
        """Save, and let every page read the new words."""
        super().save_model(request, obj, form, change)
        note_texts([obj])
        forget_on_commit()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The same for rows inside."""
        super().save_formset(request, form, formset, change)
        note_texts([*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)])

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Delete, and let every page know."""
        super().delete_model(request, obj)
        forget_on_commit()


class ItemInline(admin.StackedInline[HomeItem, HomeSection]):
    """What a section holds."""

    model = HomeItem
    exclude = ["i18n"]
    extra = 0


@admin.register(HomeSection)
class HomeSectionAdmin(WordsAdmin):
    """Sections of the home page in their order."""

    list_display = ["title", "kind", "position", "is_active"]
    list_filter = ["kind", "is_active"]
    inlines = [ItemInline]
    words = ("label", "title", "text", "link_label", "second_label", "picture_alt")


@admin.register(Page)
class PageAdmin(WordsAdmin):
    """Policies and other pages of words."""

    list_display = ["title", "code", "is_legal", "revised", "is_active"]
    list_filter = ["is_legal", "is_active"]
    search_fields = ["title", "code", "body"]
    words = ("title", "meta_description", "notice", "body", "search_words")


@admin.register(MenuLink)
class MenuLinkAdmin(WordsAdmin):
    """Links of the header and the foot."""

    list_display = ["label", "menu", "target", "position", "is_active"]
    list_filter = ["menu", "is_active"]
    words = ("label",)


@admin.register(StripNotice)
class StripNoticeAdmin(WordsAdmin):
    """The line above the header."""

    list_display = ["text", "starts", "ends", "position", "is_active"]
    list_filter = [("ends", admin.EmptyFieldListFilter), "is_active"]
    words = ("text",)


__all__ = ["HomeSectionAdmin", "MenuLinkAdmin", "PageAdmin", "StripNoticeAdmin", "TestimonialAdmin"]
