"""The cards a member keeps, for operators: what the member sees too, never a number, and how to let go of one."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from members.cards import card_view
from members.models import User
from payments.actions import remove_card
from payments.cards.queries import cards_of
from payments.errors import CardUnknown

SEE, REMOVE = "payments.view_savedcard", "payments.delete_savedcard"


class CardDesk(View):
    """The page, reached from the member's own."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The cards that are kept."""
        member = self._member(request, SEE, pk)
        return TemplateResponse(
            request,
            "admin/members/cards.html",
            {
                **admin.site.each_context(request),
                "title": _("Saved cards"),
                "member": member,
                "cards": [card_view(card) for card in cards_of(member.pk)],
                "may_remove": request.user.has_perm(REMOVE),
            },
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove one, here and at its provider; again, it is simply not there."""
        member = self._member(request, REMOVE, pk)
        typed = request.POST.get("card", "")
        try:
            remove_card(user_id=member.pk, card_id=int(typed) if typed.isdecimal() and len(typed) < 19 else 0)
        except CardUnknown as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The card was removed."))
        return HttpResponseRedirect(reverse("admin:member_cards", args=[pk]))

    @staticmethod
    def _member(request: HttpRequest, permission: str, pk: int) -> User:
        if not request.user.has_perms(("members.view_user", permission)):
            raise PermissionDenied
        found = User.objects.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found
