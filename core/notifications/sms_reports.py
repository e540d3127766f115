"""What the gateway of text messages tells us later: that one arrived or could not, and that somebody answered STOP.

    POST /messages/sms/   webhook-id, webhook-timestamp, webhook-signature: as we sign ours, with the same secret
    {"type": "receipt", "id": "<key of the message>", "state": "delivered" | "failed", "reason": "…"}
    {"type": "reply", "from": "+4930…", "text": "STOP"}

204: understood, or nothing for us. 400: no such report. 401: not signed by the gateway, or older than five minutes.
Every report may come twice and in any order.
"""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from core import audit
from core.models import Message
from core.notifications.channels import SMS
from core.notifications.kinds import TOPICS
from core.notifications.wishes import say_wish_of

MOST_BYTES = 16384
MOST_REASON = 500
STOP_WORDS = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit"),
        *("stopp", "ende", "abmelden", "arret", "arrêt", "baja", "parar"),
        *("停止", "退订", "退訂", "إيقاف", "ايقاف"),
    }
)
"""Answers that end text messages, in the languages of the shop and as carriers know them."""


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """One report of the gateway; without a gateway there is nobody to hear."""
    if not (settings.SMS_GATEWAY_URL and settings.SMS_GATEWAY_SECRET):
        return HttpResponse(status=404)
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        Webhook(settings.SMS_GATEWAY_SECRET).verify(
            request.body, {name.lower(): value for name, value in request.headers.items()}
        )
        told = json.loads(request.body)
    except WebhookVerificationError:
        return HttpResponse(status=401)
    except ValueError:
        return HttpResponse(status=400)
    if not isinstance(told, dict) or not _understood(told):
        return HttpResponse(status=400)
    return HttpResponse(status=204)


def _understood(told: dict[str, Any]) -> bool:
    kind = told.get("type")
    if kind == "receipt" and told.get("state") in ("delivered", "failed"):
        note_receipt(key=str(told.get("id")), arrived=told["state"] == "delivered", reason=str(told.get("reason", "")))
        return True
    if kind == "reply":
        hear_reply(phone=str(told.get("from")), text=str(told.get("text")))
        return True
    return False


def note_receipt(*, key: str, arrived: bool, reason: str = "") -> None:
    """Write down what became of a message. One that arrived has arrived, whatever is told afterwards."""
    found = Message.objects.filter(dedupe_key=key, channel=SMS, state=Message.State.SENT, arrived_at=None)
    if arrived:
        found.update(arrived_at=timezone.now())
    else:
        found.update(state=Message.State.FAILED, last_error=reason[:MOST_REASON])


def hear_reply(*, phone: str, text: str) -> int:
    """Somebody answers. STOP ends text messages for everybody we wrote to at this number; returns for how many.

    Other answers are nobody's: the number they came from is not read by people.
    """
    if text.strip().strip(".!").casefold() not in STOP_WORDS:
        return 0
    number = "".join(letter for letter in phone if letter not in " -()")
    with transaction.atomic():
        rows = Message.objects.filter(channel=SMS, recipient=number)
        people = sorted(set(rows.exclude(person="").values_list("person", flat=True)))
        for person in people:
            for topic in TOPICS:
                say_wish_of(person=person, topic=topic, channel=SMS, is_wanted=False, said=text.strip()[:100])
        rows.filter(state=Message.State.WAITING).update(state=Message.State.DROPPED)
        if people:
            audit.record("core.hear_stop", "messages", data={"people": len(people)})
    return len(people)
