"""Every field that names or reaches a person is declared in the `privacy.py` of its app."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from core.privacy import Personal, holdings

NAMES = re.compile(
    r"^(email|email_hash|recipient|phone|full_name|author_name|author_ref|addresses|postal_address|visitor|actor"
    r"|actor_label|ip|ip_address|postal_code|photos|raw|handled_by|user_agent|birthday|tax_id)$"
)
NOT_PEOPLE = {
    # a rule, not somebody's number; and places that are tables of ours
    "markets.Country": {"phone"},
    "markets.PostalTaxRate": {"postal_code"},
    "inventory.Warehouse": {"phone", "email"},
}


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in settings.OUR_APPS]


def is_personal(field: "models.Field[object, object]") -> bool:
    people = apps.get_model(settings.AUTH_USER_MODEL)
    leads_to_somebody = field.is_relation and field.related_model is people
    return isinstance(field, models.EmailField) or bool(NAMES.match(field.name)) or leads_to_somebody


def declared() -> dict[str, Personal]:
    return {personal.model: personal for holding in holdings() for personal in holding.personal}


def test_every_personal_field_is_declared() -> None:
    known = declared()
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if is_personal(field)
        and field.name not in NOT_PEOPLE.get(model._meta.label, set())
        and (model._meta.label not in known or field.name not in known[model._meta.label].fields)
    ]
    assert missing == []


def test_what_is_declared_exists_and_what_stays_says_why() -> None:
    for label, personal in declared().items():
        fields = {field.name for field in apps.get_model(label)._meta.get_fields()}
        assert set(personal.fields) <= fields, label
        assert personal.purpose.endswith("."), label
        assert bool(personal.reason) or personal.fate in ("deleted", "blanked"), label


def test_whoever_keeps_something_that_can_go_can_make_it_go() -> None:
    for holding in holdings():
        goes = any(personal.fate != "kept" for personal in holding.personal)
        assert (holding.erase is not type(holding).__dataclass_fields__["erase"].default) == goes, holding.app


@pytest.mark.django_db
def test_the_control_finds_a_field_that_nobody_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    from core import privacy

    assert holdings()
    monkeypatch.delitem(privacy._holdings, "inventory")
    monkeypatch.setattr("core.privacy.find_spec", lambda _module: None)
    with pytest.raises(AssertionError, match=r"inventory\.S"):
        test_every_personal_field_is_declared()
