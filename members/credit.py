"""A member's store credit: what there is, and what moved it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from members.queries import proven_emails
from payments.credit.holders import Holder
from payments.credit.pages import CreditPage, balances, movements
from payments.credit.queries import store_credit_of


@never_cache
@login_required(login_url="account_login")
@require_GET
def credit(request: HttpRequest) -> HttpResponse:
    """The page of the account."""
    user_id = request.user.pk or 0
    accounts = list(store_credit_of(Holder(user_id=user_id, emails=proven_emails(user_id))))
    shown = CreditPage(title=_("Your store credit"), balances=balances(accounts), movements=movements(accounts))
    return render(request, "account/credit.html", {"page": shown})
