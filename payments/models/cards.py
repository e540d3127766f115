"""Cards that members keep. The number stays at the provider; here is what a member recognises a card by."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from payments.models.payment import Payment


class CardOwner(TimeStamped):
    """A member as one account of a provider knows them (at Stripe: a Customer). Made when a first card is to be kept.

    `account` is the world of the provider's account (`live`, `test`): what one keeps the other does not know.
    Closed with the erasure of the member or of the customer at the provider.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider = models.CharField(_("provider"), max_length=30)
    account = models.CharField(max_length=40)
    provider_ref = models.CharField(_("provider's reference"), max_length=255, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("owner of cards")
        verbose_name_plural = _("owners of cards")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "provider", "account"], name="card_owner_once", condition=Q(closed_at=None)
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"], name="card_owner_ref_once", condition=~Q(provider_ref="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.ref}"


class SavedCard(TimeStamped):
    """A card a member agreed to keep (`agreed_at`). Everything about it is emptied when it is removed."""

    owner = models.ForeignKey(CardOwner, on_delete=models.PROTECT, related_name="cards")
    provider_ref = models.CharField(_("provider's reference"), max_length=255, blank=True)
    brand = models.CharField(_("brand"), max_length=30, blank=True)
    last_four = models.CharField(_("last four digits"), max_length=4, blank=True)
    expiry_year = models.PositiveSmallIntegerField(_("year of expiry"), default=0)
    expiry_month = models.PositiveSmallIntegerField(_("month of expiry"), default=0)
    agreed_at = models.DateTimeField(_("agreed"))
    stopped_at = models.DateTimeField(null=True, blank=True)
    """Since when its bank says that it will not work again."""
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved card")
        verbose_name_plural = _("saved cards")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "provider_ref"], name="saved_card_once", condition=~Q(provider_ref="")
            ),
            models.CheckConstraint(condition=Q(last_four__regex=r"^([0-9]{4})?$"), name="saved_card_last_four_only"),
            models.CheckConstraint(condition=Q(expiry_month__lte=12), name="saved_card_month"),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(brand="", last_four="", expiry_year=0, expiry_month=0),
                name="saved_card_removed_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.last_four}"


class CardUse(models.Model):
    """What a payment has to do with kept cards: it is made with one, or its card is to be kept (`agreed_at`).

    `card` is the one it is made with, or the one it brought.
    """

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="card_use")
    owner = models.ForeignKey(CardOwner, on_delete=models.PROTECT, related_name="uses")
    card = models.ForeignKey(SavedCard, on_delete=models.PROTECT, null=True, blank=True, related_name="uses")
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("use of a saved card")
        verbose_name_plural = _("uses of saved cards")
        constraints = [
            models.CheckConstraint(
                condition=Q(card__isnull=False) | Q(agreed_at__isnull=False), name="card_use_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}"


class CardErrand(models.Model):
    """Something to be done at the provider, tried until it is done; the row goes then.

    `keep`: ask which card a payment brought. `detach`: let go of a card. `close`: forget a member.
    """

    class Kind(models.TextChoices):
        KEEP = "keep", _("keep a card")
        DETACH = "detach", _("let go of a card")
        CLOSE = "close", _("forget a member")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    owner = models.ForeignKey(CardOwner, on_delete=models.PROTECT, related_name="errands")
    use = models.ForeignKey(CardUse, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    provider_ref = models.CharField(max_length=255, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("errand at the provider of cards")
        verbose_name_plural = _("errands at the provider of cards")
        constraints = [
            models.UniqueConstraint(fields=["use"], name="card_errand_keeps_once"),
            models.UniqueConstraint(
                fields=["kind", "owner", "provider_ref"], name="card_errand_once", condition=~Q(provider_ref="")
            ),
            models.CheckConstraint(condition=Q(kind__in=["keep", "detach", "close"]), name="card_errand_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
