"""Forms around the variant matrix."""

from typing import Any

from django import forms
from django.core.validators import validate_unicode_slug
from django.utils.translation import gettext_lazy as _

from catalog.models import OptionType, OptionValue, Product, Variant


class InputForm(forms.Form):
    """Fields that look like the other inputs of the admin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.HiddenInput | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "input")


class MissingForm(InputForm):
    """How the missing variants are to be made. `expected` is the number that was shown."""

    pattern = forms.CharField(
        label=_("Pattern for SKUs"),
        max_length=200,
        help_text=_("Names in braces are replaced: {code} is the product, {n} a running number, and each option."),
    )
    status = forms.ChoiceField(
        label=_("They begin as"), choices=[one for one in Variant.Status.choices if one[0] != Variant.Status.ARCHIVED]
    )
    like = forms.ModelChoiceField(
        Variant.objects.none(),
        label=_("Weight, size and customs facts as"),
        to_field_name="sku",
        required=False,
        widget=forms.TextInput,
        help_text=_("The SKU of a variant of this product. Leave it empty to fill them in later."),
    )
    expected = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, product: Product, data: Any = None, **kwargs: Any) -> None:
        codes = list(product.options.order_by("position", "pk").values_list("option_type__code", flat=True))
        like = product.variants.order_by("position", "pk").first()
        self.first_pattern = "-".join(["{code}", *(f"{{{code}}}" for code in codes)])
        initial = {"pattern": self.first_pattern, "status": Variant.Status.DRAFT, "like": like.sku if like else ""}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["like"].queryset = product.variants.all()  # type: ignore[attr-defined]  # a model choice


class PickOptionForm(InputForm):
    """Which option is to be added."""

    add = forms.ModelChoiceField(
        OptionType.objects.none(), label=_("Option"), to_field_name="code", empty_label=_("Choose")
    )

    def __init__(self, product: Product, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        mine = product.options.values("option_type")
        self.fields["add"].queryset = OptionType.objects.exclude(pk__in=mine)  # type: ignore[attr-defined]  # as above


class NewOptionForm(InputForm):
    """The value all present variants get."""

    value = forms.ModelChoiceField(
        OptionValue.objects.none(), label=_("Value of the variants there are"), to_field_name="code"
    )

    def __init__(self, kind: OptionType, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["value"].queryset = OptionValue.objects.filter(option_type=kind)  # type: ignore[attr-defined]


class NewValueForm(InputForm):
    """A new value of an option."""

    code = forms.CharField(
        label=_("Code"), max_length=60, validators=[validate_unicode_slug], help_text=_("Short, without spaces.")
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    hex = forms.RegexField(
        r"^#[0-9A-Fa-f]{6}$",
        label=_("Colour"),
        required=False,
        help_text=_("For example #1c2622. Leave it empty when it has none."),
    )

    def __init__(self, kind: OptionType | None, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.kind = kind

    def clean_code(self) -> str:
        """A code that no value of this option has."""
        code = str(self.cleaned_data["code"])
        if self.kind is not None and OptionValue.objects.filter(option_type=self.kind, code=code).exists():
            raise forms.ValidationError(_("This option has a value with this code already."))
        return code
