"""What a shopper asks of inventory: to hear when something is back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.selling import sellables
from core.limits import attempt
from inventory.actions import ask_when_back
from markets.models import Market
from markets.types import MarketContext

MOST_WISHES, PER_SECONDS = 20, 3600


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Remember the wish and go back to the product. The answer never tells whether the address is known."""
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by MarketMiddleware
    number = request.POST.get("variant", "")
    wanted = int(number) if number.isdecimal() and len(number) < 16 else 0
    item = sellables([wanted], market.code, market.language).get(wanted)
    if item is None:
        raise Http404
    email = request.POST.get("email", "").strip()
    try:
        validate_email(email)
    except ValidationError:
        messages.error(request, _("Write your email address like name@example.com."))
    else:
        if attempt("back-in-stock", request.META.get("REMOTE_ADDR", ""), limit=MOST_WISHES, seconds=PER_SECONDS):
            _remember(email, item.variant_id, market)
        messages.success(request, _("We will write to you once when %(item)s is back.") % {"item": item.name})
    return HttpResponseRedirect(f"{item.product_url}#notify")


def _remember(email: str, variant_id: int, market: MarketContext) -> None:
    row = Market.objects.only("pk").get(code=market.code)
    ask_when_back(email=email, variant_id=variant_id, market_id=row.pk, language=market.language)
