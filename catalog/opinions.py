"""What shoppers say on a product page: votes on reviews, questions."""

import hashlib
import hmac
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from catalog.actions import QuestionDraft, ask_question, vote_review
from catalog.addresses import product_path
from catalog.errors import MovedTo, NotFound
from catalog.models import Product, Review
from catalog.queries.routes import find_product
from core.limits import attempt
from markets.prefix import is_safe_next
from markets.types import MarketContext

MOST_VOTES, MOST_QUESTIONS, PER_SECONDS = 60, 10, 3600


@dataclass(frozen=True)
class AskPage:
    """The page around the form: its title in the browser, its heading, and the way back."""

    meta_title: str
    title: str
    product_url: str
    noindex: bool = True


class QuestionForm(forms.Form):
    """What one wants to know, and where the answer may go."""

    body = forms.CharField(
        label=gettext_lazy("Your question"),
        min_length=5,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
        error_messages={"required": gettext_lazy("Write what you want to know.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Name shown with the question"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        required=False,
        help_text=gettext_lazy("One message with the answer, nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Fields: `helpful` (yes or no), `next` (the page to go back to). One vote per visitor; the last one counts."""
    market = _market(request)
    back = request.POST.get("next", "")
    target = f"{back.partition('#')[0]}#review-{pk}" if is_safe_next(request, back) else market.url_prefix
    if attempt("review-vote", request.META.get("REMOTE_ADDR", ""), limit=MOST_VOTES, seconds=PER_SECONDS):
        try:
            vote_review(review_id=pk, voter=_voter(request), helpful=request.POST.get("helpful") == "yes")
        except Review.DoesNotExist as trouble:
            raise Http404 from trouble
        messages.success(request, _("Thank you. Your vote was counted."))
    else:
        messages.error(request, _("That was too often. Try again in an hour."))
    return HttpResponseRedirect(target)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """A question about a product: the form, then thanks on the product's page."""
    market = _market(request)
    try:
        product = Product.objects.get(pk=find_product(market, slug))
    except (NotFound, MovedTo) as trouble:
        raise Http404 from trouble
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if attempt("question", request.META.get("REMOTE_ADDR", ""), limit=MOST_QUESTIONS, seconds=PER_SECONDS):
            _store(form, product, market)
            messages.success(request, _("Thank you. Your question will be shown here with our answer."))
            return HttpResponseRedirect(f"{product_path(market, slug)}#questions")
        form.add_error(None, _("That was too often. Try again in an hour."))
    title = _("Ask about %(product)s") % {"product": product.text("name", market.language)}
    page = AskPage(
        title if not form.errors else _("Error: %(title)s") % {"title": title}, title, product_path(market, slug)
    )
    return render(request, "storefront/ask.html", {"page": page, "form": form}, status=422 if form.errors else 200)


def _store(form: QuestionForm, product: Product, market: MarketContext) -> None:
    ask_question(
        draft=QuestionDraft(
            product_id=product.pk,
            market_code=market.code,
            language=market.language,
            body=form.cleaned_data["body"],
            author_name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
        )
    )


def _voter(request: HttpRequest) -> str:
    """A keyed hash of the account or the session: the same visitor is known again, but by no one else."""
    if request.user.is_authenticated:
        who = f"user:{request.user.pk}"
    else:
        if not request.session.session_key:
            request.session.create()
        who = f"session:{request.session.session_key}"
    return hmac.new(settings.SECRET_KEY.encode(), who.encode(), hashlib.sha256).hexdigest()


def _market(request: HttpRequest) -> MarketContext:
    market: MarketContext | None = getattr(request, "market", None)
    if market is None:
        raise Http404
    return market
