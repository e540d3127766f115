"""The cards a member keeps at a payment provider: what there is, and how to let go of it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from payments.actions import remove_card
from payments.cards.labels import card_label, expiry_sentence, is_expired
from payments.cards.queries import cards_of
from payments.errors import CardUnknown
from payments.models import SavedCard


@dataclass(frozen=True, kw_only=True)
class CardView:
    """One card. `trouble` says why it cannot pay any more; empty when it can."""

    pk: int
    label: str
    sentence: str
    trouble: str


@never_cache
@login_required(login_url="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest) -> HttpResponse:
    """The page of the account. POST removes one card; again, it is simply not there."""
    user_id = request.user.pk or 0
    if request.method == "POST":
        return _remove(request, user_id)
    shown = [card_view(card) for card in cards_of(user_id)]
    return render(request, "account/cards.html", {"cards": shown})


def _remove(request: HttpRequest, user_id: int) -> HttpResponse:
    typed = request.POST.get("card", "")
    try:
        remove_card(user_id=user_id, card_id=int(typed) if typed.isdecimal() and len(typed) < 19 else 0)
    except CardUnknown:
        raise Http404 from None
    messages.success(request, _("The card was removed."))
    answer = HttpResponseRedirect(request.path)
    answer.status_code = 303
    return answer


def card_view(card: SavedCard) -> CardView:
    """What its member, and operators, see of a card."""
    trouble = ""
    if is_expired(card, timezone.now().date()):
        trouble = _("It cannot be used any more. Type your new card at the checkout.")
    elif card.stopped_at is not None:
        trouble = _("Its bank does not take it any more. Type another card at the checkout.")
    return CardView(pk=card.pk, label=card_label(card), sentence=expiry_sentence(card), trouble=trouble)
