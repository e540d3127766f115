"""What suppliers push: their stock, signed.

    POST /feeds/suppliers/<address>/   webhook-id, webhook-timestamp, webhook-signature (Standard Webhooks, whsec_…)
    {"told_at": "2026-11-22T08:00:00Z", "items": [{"sku": "A-1", "quantity": 12, "lead_days": 5}]}

200 with what became of it; the same `webhook-id` again gives the same answer. 400: not as agreed. 401: not signed with
the secret of this address, or older than five minutes. 413: too long. 429: too many. 404: nobody takes messages here.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from standardwebhooks.webhooks import WebhookVerificationError

from core.audit import acting_as
from core.limits import attempt, is_within
from core.retries import again_when_contended
from inventory.buying.actions.feeds import note_unusable, take_over, verified
from inventory.buying.errors import FeedUnreadable
from inventory.buying.feed_reading import read_json
from inventory.models import FeedRun, SupplierFeed

MOST_BYTES = 4 * 1024 * 1024
MOST_MESSAGES, PER_SECONDS = 120, 60
"""Of one feed, counted when they are signed: strangers cannot use them up."""
MOST_REFUSED, REFUSED_SECONDS = 30, 600
"""So many unsigned messages of one connection before no more are looked at."""
_REFUSED = "supplier-message-refused"


@csrf_exempt
@require_POST
def receive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One message of a supplier's feed."""
    feed = SupplierFeed.objects.select_related("supplier").filter(
        public_id=public_id, kind=SupplierFeed.Kind.PUSH, is_active=True, supplier__is_active=True
    ).first()  # fmt: skip
    if feed is None or not feed.secret:
        raise Http404
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    visitor = request.META.get("REMOTE_ADDR", "")
    if not is_within(_REFUSED, visitor, limit=MOST_REFUSED, seconds=REFUSED_SECONDS):
        return HttpResponse(status=429, headers={"Retry-After": str(REFUSED_SECONDS)})
    try:
        key = verified(feed, request.body, {name.lower(): value for name, value in request.headers.items()})
    except WebhookVerificationError:
        attempt(_REFUSED, visitor, limit=MOST_REFUSED, seconds=REFUSED_SECONDS)
        return HttpResponse(status=401)
    if not attempt("supplier-feed", str(public_id), limit=MOST_MESSAGES, seconds=PER_SECONDS):
        return HttpResponse(status=429, headers={"Retry-After": str(PER_SECONDS)})
    try:
        message = read_json(request.body)
    except FeedUnreadable as refusal:
        note_unusable(feed_id=feed.pk, why=str(refusal))
        return JsonResponse({"error": str(refusal)}, status=400)
    with acting_as(None, f"{feed.supplier}"):
        run = again_when_contended(take_over)(
            feed_id=feed.pk, message=message, key=f"push:{key}", received_at=timezone.now()
        )
    return JsonResponse(_answer(run))


def _answer(run: FeedRun) -> dict[str, object]:
    return {
        "state": run.state,
        "told_at": run.told_at.isoformat(),
        "rows": run.rows,
        "changed": run.changed,
        "unknown": run.unknown,
        "problems": run.problems,
    }
