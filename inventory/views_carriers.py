"""The door for carriers: their messages are verified, kept, and answered at once."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.limits import attempt, is_within
from inventory.actions.carrier_inbox import record_message
from inventory.errors import BadCarrierMessage, CarrierCannot, CarrierUnknown

_REFUSED = "carrier-message-refused"
MOST_REFUSED, REFUSED_SECONDS = 30, 600
"""So many messages of one connection are refused in so long before no more are looked at; good ones do not count."""
MOST_BYTES = 2 * 1024 * 1024


@csrf_exempt
@require_POST
def message(request: HttpRequest, account: str) -> HttpResponse:
    """Keep a carrier's message and say thank you, in its own way. Unsigned ones leave nothing behind."""
    visitor = request.META.get("REMOTE_ADDR", "")
    if not is_within(_REFUSED, visitor, limit=MOST_REFUSED, seconds=REFUSED_SECONDS):
        return HttpResponse(status=429, headers={"Retry-After": str(REFUSED_SECONDS)})
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        told = record_message(account_code=account, headers=request.headers, body=request.body)
    except BadCarrierMessage:
        attempt(_REFUSED, visitor, limit=MOST_REFUSED, seconds=REFUSED_SECONDS)
        return HttpResponse(status=400)
    except (CarrierUnknown, CarrierCannot):
        raise Http404 from None
    if told.reply:
        return JsonResponse(dict(told.reply))
    return HttpResponse("ok", content_type="text/plain")
