"""The order finder's form."""

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
