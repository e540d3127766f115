"""Reviews and questions: they wait here for a look and for the shop's answer."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from catalog.actions import answer_question, answer_review, approve_review, reject_question, reject_review
from catalog.models import Question, Review
from core.admin import Operation, OperationView, ReadOnlyAdmin
from core.errors import DomainError


class AnswerForm(forms.Form):
    """The shop's words, shown to everybody."""

    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


class ReviewAnswerForm(forms.Form):
    """The same, in a language of its own; nothing takes an answer away."""

    answer = forms.CharField(
        label=_("Answer"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    language = forms.CharField(label=_("Language of the answer"), max_length=12)


class RejectForm(forms.Form):
    """Why words are not shown. That a review is bad for the shop is no reason."""

    refusal = forms.ChoiceField(label=_("Reason"), choices=Review.Refusal.choices)
    note = forms.CharField(label=_("Remark for the activity log"), max_length=300, required=False)


class ReviewOperation(OperationView):
    """An operation on one review."""

    def target(self) -> models.Model:
        """The review of the address."""
        return get_object_or_404(Review, pk=self.kwargs["pk"])

    def back(self, target: models.Model) -> str:
        """Its page."""
        return reverse("admin:catalog_review_change", args=[target.pk])


class QuestionOperation(OperationView):
    """An operation on one question."""

    def target(self) -> models.Model:
        """The question of the address."""
        return get_object_or_404(Question, pk=self.kwargs["pk"])

    def back(self, target: models.Model) -> str:
        """Its page."""
        return reverse("admin:catalog_question_change", args=[target.pk])


def _number(target: models.Model) -> int:
    return cast(int, target.pk)


class ApproveReview(ReviewOperation):
    """Show it."""

    operation = Operation(
        name="approve",
        permission="catalog.moderate_review",
        title=_("Show the review"),
        done=_("The review is shown."),
        form=forms.Form,
        act=lambda target, _answers: approve_review(review_id=_number(target)),
    )


class RejectReview(ReviewOperation):
    """Hide it, for a reason."""

    operation = Operation(
        name="reject",
        permission="catalog.moderate_review",
        title=_("Hide the review"),
        done=_("The review is not shown."),
        form=RejectForm,
        act=lambda target, said: reject_review(review_id=_number(target), refusal=said["refusal"], note=said["note"]),
        warning=_("Its stars no longer count. A review may not be hidden because it is bad for the shop."),
    )


class AnswerReview(ReviewOperation):
    """Answer it in public."""

    operation = Operation(
        name="answer",
        permission="catalog.moderate_review",
        title=_("Answer the review"),
        done=_("The answer is shown below the review."),
        form=ReviewAnswerForm,
        act=lambda target, said: answer_review(
            review_id=_number(target), answer=said["answer"], language=said["language"]
        ),
        initial=lambda target: {
            "answer": cast(Review, target).answer,
            "language": cast(Review, target).answer_language or cast(Review, target).language,
        },
    )


class AnswerQuestion(QuestionOperation):
    """Answer it; both are shown then."""

    operation = Operation(
        name="answer",
        permission="catalog.answer_question",
        title=_("Answer the question"),
        done=_("Question and answer are shown."),
        form=AnswerForm,
        act=lambda target, said: answer_question(question_id=_number(target), answer=said["answer"]),
        initial=lambda target: {"answer": cast(Question, target).answer},
    )


class RejectQuestion(QuestionOperation):
    """Do not show it, for a reason."""

    operation = Operation(
        name="reject",
        permission="catalog.answer_question",
        title=_("Do not show the question"),
        done=_("The question is not shown."),
        form=RejectForm,
        act=lambda target, said: reject_question(
            question_id=_number(target), refusal=said["refusal"], note=said["note"]
        ),
    )


class OperatedAdmin(ReadOnlyAdmin):
    """Rows that are looked at, with their operations as links."""

    change_form_template = "admin/core/operated.html"
    operated: dict[str, type[OperationView]]

    def get_urls(self) -> list[URLPattern]:
        """The operations' addresses, before the row's own."""
        meta = self.model._meta
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view.as_view()),
                name=f"{meta.app_label}_{meta.model_name}_{name}",
            )
            for name, view in self.operated.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The row, with the operations this person may do."""
        meta = self.model._meta
        shown = [
            {"name": f"admin:{meta.app_label}_{meta.model_name}_{name}", "title": view.operation.title}
            for name, view in self.operated.items()
            if request.user.has_perm(view.operation.permission)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": shown})


@admin.register(Review)
class ReviewAdmin(OperatedAdmin):
    """What shoppers wrote, with its state."""

    list_display = ("written_on", "product", "rating", "title", "language", "market", "verified", "state")
    list_filter = ("state", "rating", "language", "market", "refusal")
    list_select_related = ("product", "market")
    search_fields = ("product__name", "title", "body", "order_ref")
    actions = ("approve",)
    operated = {"approve": ApproveReview, "reject": RejectReview, "answer": AnswerReview}

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Those who may moderate."""
        return request.user.has_perm("catalog.moderate_review")

    @admin.action(description=_("Show the selected reviews"), permissions=["moderate"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """One action per review; those that cannot move say so. Hiding needs a reason, so it is done one by one."""
        for pk in queryset.values_list("pk", flat=True):
            try:
                approve_review(review_id=pk)
            except DomainError as refusal:
                messages.error(request, str(refusal))


@admin.register(Question)
class QuestionAdmin(OperatedAdmin):
    """What shoppers want to know."""

    list_display = ("created", "product", "body", "language", "market", "state")
    list_filter = ("state", "language", "market")
    list_select_related = ("product", "market")
    search_fields = ("product__name", "body")
    operated = {"answer": AnswerQuestion, "reject": RejectQuestion}
