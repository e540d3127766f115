"""Reviews and questions: real words of shoppers, shown after a look, answered by the shop."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.locks import LockingQuerySet
from core.transitions import Transitions


class Review(Transitions):
    """What one buyer says. `language` is the one it was written in; `translations` maps others to title and body."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        APPROVED = "approved", _("Shown")
        REJECTED = "rejected", _("Not shown")

    class Refusal(models.TextChoices):
        """Why words are not shown. That a review is unkind is not among the reasons."""

        SPAM = "spam", _("Advertising or nonsense")
        INSULT = "insult", _("Insult or hate")
        PRIVATE = "private", _("Private facts about a person")
        ELSEWHERE = "elsewhere", _("About something else than the product")
        FALSE = "false", _("Not by somebody who had the product")
        UNLAWFUL = "unlawful", _("Unlawful for another reason")

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {"pending": {"approved", "rejected"}, "approved": {"rejected"}, "rejected": {"approved"}}
    }

    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="reviews")
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=12)
    rating = models.PositiveSmallIntegerField(_("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    title = models.CharField(_("title"), max_length=160, blank=True)
    body = models.TextField(_("text"), blank=True)
    author_name = models.CharField(_("name shown"), max_length=80)
    author_ref = models.CharField(_("author"), max_length=80, blank=True)
    order_ref = models.CharField(_("order"), max_length=40, blank=True)
    verified = models.BooleanField(_("bought here"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    written_on = models.DateField(_("written on"))
    created = models.DateTimeField(_("created"), auto_now_add=True)
    translations = models.JSONField(_("translations"), default=dict, blank=True)
    assets = models.ManyToManyField("catalog.MediaAsset", verbose_name=_("pictures"), blank=True, related_name="+")
    rewarded = models.BooleanField(_("got something for it"), default=False)
    refusal = models.CharField(_("why not shown"), max_length=10, choices=Refusal.choices, blank=True)
    answer = models.TextField(_("answer of the shop"), blank=True)
    answer_language = models.CharField(_("language of the answer"), max_length=12, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    helpful = models.PositiveIntegerField(_("found helpful"), default=0)
    unhelpful = models.PositiveIntegerField(_("found unhelpful"), default=0)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-written_on", "-id"]
        indexes = [models.Index(fields=["product", "state", "-written_on"], name="catalog_review_shown")]
        constraints = [
            models.CheckConstraint(condition=models.Q(rating__gte=1, rating__lte=5), name="catalog_review_stars"),
            models.UniqueConstraint(
                fields=["product", "author_ref"],
                condition=~models.Q(author_ref=""),
                name="catalog_review_once_per_author",
            ),
        ]
        permissions = [("moderate_review", _("Can approve and reject reviews"))]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.rating}"


class ReviewVote(models.Model):
    """One visitor's opinion whether a review helped. `voter` is a keyed hash; nobody can be found from it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="votes")
    voter = models.CharField(max_length=64)
    helpful = models.BooleanField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("vote on a review")
        verbose_name_plural = _("votes on reviews")
        constraints = [models.UniqueConstraint(fields=["review", "voter"], name="catalog_reviewvote_once")]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.helpful}"


class Question(Transitions):
    """What somebody wants to know about a product, with the shop's answer. Shown once it is answered."""

    State = Review.State
    Refusal = Review.Refusal

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {"pending": {"approved", "rejected"}, "approved": {"rejected"}, "rejected": {"approved"}}
    }

    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="questions")
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=12)
    body = models.TextField(_("question"))
    author_name = models.CharField(_("name shown"), max_length=80, blank=True)
    email = models.EmailField(_("email"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=Review.State.choices, default=Review.State.PENDING)
    refusal = models.CharField(_("why not shown"), max_length=10, choices=Review.Refusal.choices, blank=True)
    answer = models.TextField(_("answer of the shop"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    created = models.DateTimeField(_("asked"), auto_now_add=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-created", "-id"]
        indexes = [models.Index(fields=["product", "state", "language"], name="catalog_question_shown")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="approved") | ~models.Q(answer=""), name="catalog_question_shown_with_answer"
            )
        ]
        permissions = [("answer_question", _("Can answer and reject questions"))]

    def __str__(self) -> str:
        return self.body[:60]
