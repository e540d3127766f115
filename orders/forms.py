"""The forms of order pages: the finder, and the withdrawal function."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FindForm(forms.Form):
    """Number and email, checked for shape only: whether they fit is one neutral answer."""

    number = forms.CharField(max_length=32, error_messages={"required": _("Enter the order number from your email.")})
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Enter the email address you ordered with."),
            "invalid": _("Enter an email address, for example name@example.com."),
        },
    )


class LinksForm(forms.Form):
    """The address whose orders are asked for."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Enter the email address you ordered with."),
            "invalid": _("Enter an email address, for example name@example.com."),
        },
    )


class WithdrawForm(forms.Form):
    """Who withdraws from which contract, and where the receipt goes. By law nothing else may be mandatory."""

    name = forms.CharField(max_length=200, error_messages={"required": _("Enter your name.")})
    order = forms.CharField(
        max_length=60, error_messages={"required": _("Enter the order number, or what else names your order.")}
    )
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Enter an email address: the receipt goes there."),
            "invalid": _("Enter an email address, for example name@example.com."),
        },
    )
