"""Pick reviews to show on the first page and on shelves."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.admin.opinions import OperatedAdmin
from catalog.models import Category, Review
from content.actions import TestimonialDraft, change_testimonial, drop_testimonial, pick_testimonial
from content.actions.testimonials import STARS
from content.models import Testimonial
from core.admin import Operation, OperationView
from markets.names import language_name
from markets.queries import active_markets

PERMISSION = "content.pick_testimonial"
PER_PAGE = 25
LONGEST = 400


class TestimonialForm(forms.Form):
    """What is shown of a review and where; a field of words for every other language of the shop."""

    excerpt = forms.CharField(
        label=_("Words of the buyer, or a part of them"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )
    permission = forms.CharField(
        label=_("How the author agreed"),
        max_length=200,
        help_text=_("Where the author allows you to quote them, such as a message or the terms they accepted."),
    )
    category = forms.ModelChoiceField(
        label=_("Shown in"), queryset=Category.objects.none(), required=False, empty_label=_("On the first page")
    )
    markets = forms.MultipleChoiceField(
        label=_("Only in these markets"), required=False, help_text=_("None chosen means all.")
    )
    position = forms.IntegerField(label=_("Position"), initial=0, min_value=0, max_value=32_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "en"
        self.fields["category"].queryset = Category.objects.filter(active=True).order_by("name")  # type: ignore[attr-defined]
        names = [(market.code, market.name) for market in active_markets(language=reader)]
        self.fields["markets"].choices = names  # type: ignore[attr-defined]
        for code in [code for code, _name in settings.LANGUAGES if code != self.initial.get("own_language")]:
            self.fields[f"words_{code}"] = forms.CharField(
                label=_("The same words in %(language)s") % {"language": language_name(code, reader)},
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "input")


def draft_of(said: Mapping[str, Any]) -> TestimonialDraft:
    """Answers of the form as the actions want them."""
    return TestimonialDraft(
        excerpt=said["excerpt"],
        permission=said["permission"],
        category_id=said["category"].pk if said["category"] else None,
        market_codes=tuple(said["markets"]),
        position=said["position"],
        translations={key.removeprefix("words_"): text for key, text in said.items() if key.startswith("words_")},
    )


def _first_words(target: Any) -> dict[str, Any]:
    review = cast(Review, target)
    words = {f"words_{code}": said.get("body", "") for code, said in review.translations.items()}
    return {"excerpt": review.body[:LONGEST], "own_language": review.language, **words}


def _words_of(target: Any) -> dict[str, Any]:
    row = cast(Testimonial, target)
    words = {f"words_{code}": text for code, text in row.translations.items()}
    return {
        "excerpt": row.excerpt, "permission": row.permission, "category": row.category_id,
        "markets": row.market_codes, "position": row.position, "own_language": row.review.language, **words,
    }  # fmt: skip


class PickReview(OperationView):
    """Pick one review."""

    operation = Operation(
        name="pick",
        permission=PERMISSION,
        title=_("Show the review as a testimonial"),
        done=_("The review is shown there now."),
        form=TestimonialForm,
        act=lambda target, said: pick_testimonial(review_id=cast(Review, target).pk, draft=draft_of(said)),
        warning=_("Words of a buyer are shown letter by letter. You can shorten them, but not so that they say more."),
        initial=_first_words,
    )

    def target(self) -> Review:
        """A review that can be picked."""
        return get_object_or_404(_quotable(), pk=self.kwargs["pk"])

    def back(self, target: Any) -> str:
        """The testimonials."""
        return reverse("admin:content_testimonial_changelist")


class _OneTestimonial(OperationView):
    """An operation on one testimonial."""

    def target(self) -> Testimonial:
        """The testimonial of the address."""
        return get_object_or_404(Testimonial.objects.select_related("review"), pk=self.kwargs["pk"])

    def back(self, target: Any) -> str:
        """The testimonials: the row may be gone."""
        return reverse("admin:content_testimonial_changelist")


class ChangeTestimonial(_OneTestimonial):
    """Other words, places or translations."""

    operation = Operation(
        name="change",
        permission=PERMISSION,
        title=_("Change the testimonial"),
        done=_("The testimonial is changed."),
        form=TestimonialForm,
        act=lambda target, said: change_testimonial(testimonial_id=cast(Testimonial, target).pk, draft=draft_of(said)),
        initial=_words_of,
    )


class DropTestimonial(_OneTestimonial):
    """Take it down."""

    operation = Operation(
        name="drop",
        permission=PERMISSION,
        title=_("Take the testimonial down"),
        done=_("The review is shown on its product’s page only."),
        form=forms.Form,
        act=lambda target, _said: drop_testimonial(testimonial_id=cast(Testimonial, target).pk),
    )


def _quotable() -> QuerySet[Review]:
    """Shown reviews with five stars that say something."""
    return Review.objects.filter(state=Review.State.APPROVED, rating=STARS).exclude(body="")


def candidates(request: HttpRequest) -> HttpResponse:
    """Reviews that can be picked, the latest first, by language or by a word of theirs or of their product's name."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    wanted, language = request.GET.get("q", "").strip()[:100], request.GET.get("language", "")
    rows = _quotable().select_related("product", "market").order_by("-written_on", "-pk")
    if wanted:
        rows = rows.filter(Q(product__name__icontains=wanted) | Q(body__icontains=wanted) | Q(title__icontains=wanted))
    if language in dict(settings.LANGUAGES):
        rows = rows.filter(language=language)
    reader = get_language() or "en"
    picked = set(Testimonial.objects.values_list("review_id", flat=True))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **admin.site.each_context(request),
        "title": _("Pick a review"),
        "page": page,
        "rows": [{"review": row, "is_picked": row.pk in picked} for row in page],
        "languages": [(code, language_name(code, reader)) for code, _name in settings.LANGUAGES],
        "language": language,
        "wanted": wanted,
    }
    return TemplateResponse(request, "admin/content/testimonial_candidates.html", context)


@admin.register(Testimonial)
class TestimonialAdmin(OperatedAdmin):
    """What was picked, and where it is shown."""

    list_display = ("excerpt", "review_language", "category", "market_codes", "position")
    list_filter = ("review__language",)
    list_select_related = ("review", "category")
    search_fields = ("excerpt", "review__product__name")
    change_list_template = "admin/content/testimonials.html"
    operated = {"change": ChangeTestimonial, "drop": DropTestimonial}

    @admin.display(description=_("language"), ordering="review__language")
    def review_language(self, row: Testimonial) -> str:
        """The language it was written in."""
        return language_name(row.review.language, get_language() or "en")

    def get_urls(self) -> list[URLPattern]:
        """The candidates and picking one of them, before a row's own."""
        own = [
            path("pick/", self.admin_site.admin_view(candidates), name="content_testimonial_candidates"),
            path("pick/<int:pk>/", self.admin_site.admin_view(PickReview.as_view()), name="content_testimonial_pick"),
        ]
        return [*own, *super().get_urls()]
