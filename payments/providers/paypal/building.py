"""What we ask PayPal for. Pure."""

from typing import Any

from payments.providers.paypal.amounts import to_paypal
from payments.types import StartRequest

LOCALES = {
    "ar": "ar-EG",
    "de": "de-DE",
    "en": "en-US",
    "es": "es-ES",
    "fr": "fr-FR",
    "ja": "ja-JP",
    "pt-br": "pt-BR",
    "zh-hans": "zh-CN",
}
"""PayPal's names of our languages; it picks one itself where it has none of ours."""


def order_request(request: StartRequest) -> dict[str, Any]:
    """An order of one unit, paid on PayPal's page.

    The address the goods go to is ours and is not asked for again. The invoice number differs for each attempt:
    many accounts refuse a number they have seen before.
    """
    experience: dict[str, Any] = {
        "user_action": "PAY_NOW",
        "shipping_preference": "NO_SHIPPING",
        "return_url": request.return_url,
        "cancel_url": request.cancel_url,
    }
    if request.language in LOCALES:
        experience["locale"] = LOCALES[request.language]
    wallet: dict[str, Any] = {"experience_context": experience}
    if request.email:
        wallet["email_address"] = request.email
    return {
        "intent": "AUTHORIZE" if request.manual_capture else "CAPTURE",
        "purchase_units": [
            {
                "amount": to_paypal(request.amount),
                "custom_id": str(request.payment_ref),
                "invoice_id": invoice_id(request),
                "description": request.description[:127],
            }
        ],
        "payment_source": {"paypal": wallet},
    }


def invoice_id(request: StartRequest) -> str:
    """The order's number, and a mark of the attempt."""
    return f"{request.order_ref}-{request.payment_ref.hex[:8]}"


def order_ref_of(invoice: str) -> str:
    """The order's number in an invoice number of ours; empty for those of others."""
    number, _, mark = invoice.rpartition("-")
    is_ours = len(mark) == 8 and all(sign in "0123456789abcdef" for sign in mark)
    return number if is_ours else ""
