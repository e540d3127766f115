"""Another account for money that goes back by bank transfer, over HTTP. Agreeing wants a fresh sign-in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from orders.approving.asking import again_url
from payments.actions.recipients import Account, approve_recipient, ask_recipient, decline_recipient
from payments.models import RecipientChange

ASK, APPROVE = "payments.send_bankpayout", "payments.approve_recipientchange"


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Fields: `recipient`, `account`, `reason`. The transfer stays until somebody else agrees."""
    _must(request, ASK)
    to = Account(recipient=request.POST.get("recipient", ""), number=request.POST.get("account", "")[:80])
    try:
        ask_recipient(payout_id=pk, to=to, reason=request.POST.get("reason", ""))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The other account waits for a second person. Until then nothing changes."))
    return _back()


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Field: `choice` ("agree" or "decline"), and for declining `reason`. Whoever asked may decline as well."""
    change = RecipientChange.objects.filter(pk=pk).first()
    if change is None or request.user.pk != change.asked_by_id or request.POST.get("choice") == "agree":
        _must(request, APPROVE)
    if change is None:
        return _back()
    try:
        if request.POST.get("choice") == "agree":
            again = again_url(request, reverse("admin:payments_bank"))
            if again:
                return HttpResponseRedirect(again)
            approve_recipient(change_id=pk)
            messages.success(request, _("The transfer goes to the other account."))
        else:
            decline_recipient(change_id=pk, reason=request.POST.get("reason", ""))
            messages.success(request, _("The transfer stays as it was."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return _back()


def _must(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _back() -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:payments_bank')}#payouts")
