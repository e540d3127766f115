"""What of the markets waits for a person."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from markets.models import DoubtfulRate

register(
    Chore(
        key="rates",
        permission="markets.decide_doubtfulrate",
        rows=lambda: DoubtfulRate.objects.filter(state=DoubtfulRate.State.WAITING),
        since="reported_at",
        title=_("Exchange rates in doubt"),
        sentence=_("They jumped by more than a tenth and are not used until somebody has looked."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:markets_doubtfulrate_changelist",
        query="state__exact=waiting",
        place=170,
    ),
)
