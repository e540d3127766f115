"""The doors to the outside: webhooks in, and the pages of the sandbox and of Stripe's embedded form."""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from core.limits import attempt, is_within
from markets.queries import offered_methods
from payments.actions import record_webhook
from payments.errors import BadWebhook, ProviderUnreachable, UnknownProvider
from payments.models import BankTransfer, SandboxCharge
from payments.providers.bank.page import transfer_page
from payments.providers.sandbox.choosing import choose
from payments.providers.sandbox.page import page_for
from payments.providers.stripe.element import element_page
from payments.providers.stripe.tokens import read_element_token
from payments.queries import sandbox_charge
from payments.storefront import shown_in

_REFUSED = "webhook-refused"
MOST_REFUSED, REFUSED_SECONDS = 30, 600
"""So many messages of one connection are refused in so long before no more are looked at; good ones do not count."""
STRIPE_JS = "https://js.stripe.com"


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep a provider's message and say thank you. Unsigned ones are refused before they are read.

    Whoever sends refused ones again and again is not listened to for a while: at PayPal each costs a question.
    """
    visitor = request.META.get("REMOTE_ADDR", "")
    if not is_within(_REFUSED, visitor, limit=MOST_REFUSED, seconds=REFUSED_SECONDS):
        return HttpResponse(status=429, headers={"Retry-After": str(REFUSED_SECONDS)})
    try:
        record_webhook(provider=provider, headers=request.headers, body=request.body)
    except BadWebhook:
        attempt(_REFUSED, visitor, limit=MOST_REFUSED, seconds=REFUSED_SECONDS)
        return HttpResponse(status=400)
    except ProviderUnreachable:  # it could not be asked whether the message is its own: it will send it again
        return HttpResponse(status=503)
    except UnknownProvider:
        raise Http404 from None
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sandbox_pay(request: HttpRequest, token: str) -> HttpResponse:
    """The sandbox's pay page: a choice is carried out, then the shopper goes back to the shop."""
    charge = sandbox_charge(token) if settings.SANDBOX_PAYMENTS else None
    if charge is None:
        raise Http404
    if request.method == "POST":
        was_paid = charge.state == SandboxCharge.State.SUCCEEDED
        charge = choose(charge_pk=charge.pk, choice=request.POST.get("choice", ""))
        waits = was_paid or charge.state in (SandboxCharge.State.OPEN, SandboxCharge.State.CONFIRMING)
        return _see_other(request.path if waits else charge.return_url)
    brands = {offered.code: offered.brand for offered in offered_methods(charge.market)}
    with shown_in(request, market=charge.market, language=charge.language):
        page = page_for(
            charge,
            brand=brands.get(charge.method, charge.method),
            action_url=reverse("payments:sandbox_pay", kwargs={"token": token}),
        )
        return render(request, "payments/sandbox_pay.html", {"page": page})


@never_cache
@require_http_methods(["GET", "HEAD"])
def bank_transfer(request: HttpRequest, token: str) -> HttpResponse:
    """Where to transfer to, how much and with which reference; also what has come of it."""
    transfer = BankTransfer.objects.select_related("payment").filter(token=token).first()
    if transfer is None:
        raise Http404
    with shown_in(request, market=transfer.market, language=transfer.language):
        return render(request, "payments/bank_transfer.html", {"page": transfer_page(transfer)})


@never_cache
@require_http_methods(["GET", "HEAD"])
def stripe_element(request: HttpRequest, token: str) -> HttpResponse:
    """Stripe's payment form inside our page. Only here may a script come from Stripe."""
    try:
        wanted = read_element_token(token)
    except BadSignature:
        raise Http404 from None
    with shown_in(request, market=wanted.market, language=wanted.language):
        page = element_page(wanted)
        if page is None:
            return _see_other(wanted.return_url)
        return _with_stripe(render(request, "payments/stripe_element.html", {"page": page}))


def _with_stripe(response: HttpResponse) -> HttpResponse:
    """Widen the policy of this one answer, as the decorators of django-csp do it for whole views."""
    widened = {"script-src": [STRIPE_JS], "connect-src": ["https://api.stripe.com"]}
    response._csp_update = widened  # type: ignore[attr-defined]  # read by django-csp's middleware
    framed = {"frame-src": [STRIPE_JS, "https://hooks.stripe.com"]}
    response._csp_replace = framed  # type: ignore[attr-defined]  # as above
    return response


def _see_other(url: str) -> HttpResponseRedirect:
    """After a POST the browser asks for `url` with GET. The address is one we stored or signed ourselves."""
    answer = HttpResponseRedirect(url)
    answer.status_code = 303
    return answer
