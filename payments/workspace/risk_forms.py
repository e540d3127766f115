"""The rules and thresholds as one form."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.risk.preview import Policy
from payments.risk.rules import Rule, Thresholds
from payments.risk.words import rule_title

NAMES = ("strong", "hold", "refuse")
INPUT = {"class": "input num"}


class RulesForm(forms.Form):
    """Per rule: on, from how much, how many points; then from how many points on something is done."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, widget=forms.TextInput(attrs={"class": "input"})
    )

    def __init__(self, policy: Policy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        for rule in policy.rules:
            self.fields[f"on_{rule.code}"] = forms.BooleanField(
                label=rule_title(rule.code), required=False, initial=rule.is_on
            )
            self.fields[f"at_least_{rule.code}"] = _number(_("From"), rule.at_least, most=100_000, least=1)
            self.fields[f"points_{rule.code}"] = _number(_("Points"), rule.points, most=200, least=0)
        labels = {"strong": _("3-D Secure from"), "hold": _("Hold from"), "refuse": _("Refuse from")}
        for name in NAMES:
            self.fields[name] = _number(labels[name], getattr(policy.thresholds, name), most=1000, least=1)

    def clean(self) -> dict[str, Any]:
        """The thresholds follow each other."""
        cleaned = super().clean() or {}
        values = [cleaned[name] for name in NAMES if cleaned.get(name) is not None]
        if values != sorted(values):
            self.add_error("hold", _("Asking for 3-D Secure comes before holding, and holding before refusing."))
        if "keep" in self.data.get("step", "") and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", _("Say why."))
        return cleaned

    def wanted(self) -> Policy:
        """What was typed."""
        answers = self.cleaned_data
        rules = tuple(
            replace(
                rule,
                is_on=answers[f"on_{rule.code}"],
                at_least=answers[f"at_least_{rule.code}"],
                points=answers[f"points_{rule.code}"],
            )
            for rule in self.policy.rules
        )
        return Policy(rules=rules, thresholds=Thresholds(**{name: answers[name] for name in NAMES}))

    def changed(self) -> Sequence[Rule]:
        """Rules that are not as they were."""
        return [now for was, now in zip(self.policy.rules, self.wanted().rules, strict=True) if was != now]

    def rows(self) -> list[dict[str, Any]]:
        """For the table: the three fields of each rule."""
        return [
            {
                "title": rule_title(rule.code),
                "on": self[f"on_{rule.code}"],
                "at_least": self[f"at_least_{rule.code}"],
                "points": self[f"points_{rule.code}"],
            }
            for rule in self.policy.rules
        ]

    def limits(self) -> list[Any]:
        """The thresholds."""
        return [self[name] for name in NAMES]


def _number(label: Any, value: int, *, most: int, least: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, initial=value, min_value=least, max_value=most, widget=forms.NumberInput(attrs=INPUT)
    )
