"""The edge: who acts is known for the whole request."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from core.audit import Actor, acting_by

Next = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Names the acting person for `core.audit`. The user is looked up only when somebody records something."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request under its actor."""
        with acting_by(partial(_actor_of, request)):
            return self.get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return Actor(None, "visitor")
    user = request.user
    # The trail cannot be rewritten, so a shopper is in it by number: an erasure leaves nobody's address behind.
    return Actor(user.pk, user.get_username() if user.is_staff else f"account {user.pk}")
