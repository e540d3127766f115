"""Goods codes: proposed by whoever knows the goods, approved by whoever answers for them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.actions.derived import mark_dirty
from catalog.events import ProductChanged
from catalog.models import Variant
from core import audit
from core.errors import DomainError
from core.events import publish
from core.models import AuditEntry

GOODS_CODE = re.compile(r"^[0-9]{6,13}$")
LOCAL_CODE = re.compile(r"^[0-9]{8,13}$")
COUNTRY = re.compile(r"^[A-Z]{2}$")
DESTINATION = re.compile(r"^([A-Z]{2}|EU27)$")
LONGEST_DESCRIPTION, LONGEST_MATERIALS = 120, 200


class ClassificationRefused(DomainError):
    """A fact for customs cannot be taken. `sku` and `field` say which."""

    code: ClassVar[str] = "CLASSIFICATION_REFUSED"

    def __init__(self, *, sku: str, field: str, sentence: str) -> None:
        self.sku, self.field = sku, field
        super().__init__(sentence)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What somebody wants to be known of a variant. None leaves a fact as it is, "" empties it.

    `seen` is the `updated` stamp of the row that was looked at.
    """

    variant_id: int
    hs_code: str | None = None
    origin: str | None = None
    description: str | None = None
    materials: str | None = None
    weight_g: int | None = None
    local_codes: str | None = None
    """Longer codes by destination: `US 6109100012, EU27 6109100010`."""
    seen: datetime | None = None


def propose_classification(*, proposals: Sequence[Proposal]) -> int:
    """Write facts for customs; another goods code than before is a proposal again. Returns how many rows changed.

    All or nothing. Raises `ClassificationRefused` naming the row that cannot be taken or was changed meanwhile.
    """
    with transaction.atomic():
        wanted = {proposal.variant_id: proposal for proposal in proposals}
        changed: list[Variant] = []
        for variant in Variant.objects.lock().filter(pk__in=wanted):
            values = _values(variant, wanted[variant.pk])
            before = {name: getattr(variant, name) for name in values}
            if values == before:
                continue
            if wanted[variant.pk].seen not in (None, variant.updated):
                raise _refused(variant, "", _("Somebody else changed this row meanwhile. Load the page again."))
            for name, value in values.items():
                setattr(variant, name, value)
            new_code = values.get("hs_code", before.get("hs_code")) != before.get("hs_code")
            variant.save(update_fields=[*values, "updated"])
            audit.record(
                "catalog.propose_classification",
                variant,
                data={"sku": variant.sku, "old": before, "new": values, "new_code": new_code},
            )
            changed.append(variant)
        _announce(changed)
    return len(changed)


def approve_classification(*, variant_ids: Collection[int], ruling: str = "", alone_up_to: int | None = None) -> int:
    """Somebody answers for these goods codes from now on; with `ruling`, customs have bound themselves to them.

    Whoever approves more than `alone_up_to` at once did not write any of them: a second person does. None: no limit.
    Returns how many were not approved before. Raises `ClassificationRefused` for a variant without code or origin, and
    for one that wants a second person.
    """
    status = Variant.Classification.RULING if ruling.strip() else Variant.Classification.REVIEWED
    with transaction.atomic():
        approved: list[Variant] = []
        rows = list(Variant.objects.lock().filter(pk__in=variant_ids))
        if alone_up_to is not None:
            _refuse_own(rows, alone_up_to)
        for variant in rows:
            if not variant.hs_code or not variant.origin_country:
                sentence = _("%(sku)s cannot be approved: it has no goods code or no country of origin.")
                raise _refused(variant, "hs_code", sentence % {"sku": variant.sku})
            if variant.classification_status == status and variant.ruling_reference == ruling.strip():
                continue
            variant.classification_status, variant.ruling_reference = status, ruling.strip()[:80]
            variant.classified_at, variant.classified_by_id = timezone.now(), audit.current_actor().user_id
            variant.save(
                update_fields=[
                    "classification_status", "ruling_reference", "classified_at", "classified_by", "updated",
                ]
            )  # fmt: skip
            audit.record(
                "catalog.approve_classification",
                variant,
                data={"sku": variant.sku, "hs_code": variant.hs_code, "status": status},
            )
            approved.append(variant)
        _announce(approved)
    return len(approved)


def _refuse_own(rows: Sequence[Variant], alone_up_to: int) -> None:
    """Raises `ClassificationRefused` when more are to be approved than one person may, and some are their own."""
    drafts = [row for row in rows if row.classification_status == Variant.Classification.DRAFT]
    person = audit.current_actor().user_id
    if len(drafts) <= alone_up_to or person is None:
        return
    targets = {audit.target_of(row): row for row in drafts}
    writers = AuditEntry.objects.filter(
        action="catalog.propose_classification", target__in=targets, data__new_code=True
    )
    last = dict(writers.order_by("pk").values_list("target", "actor_id"))
    own = next((row for target, row in targets.items() if last.get(target) == person), None)
    if own is not None:
        sentence = ngettext(
            "You wrote this goods code yourself. More than %(count)d at once is approved by a second person.",
            "You wrote this goods code yourself. More than %(count)d at once are approved by a second person.",
            alone_up_to,
        )
        raise _refused(own, "hs_code", sentence % {"count": alone_up_to})


def reopen_classification(*, variant_ids: Collection[int], reason: str) -> int:
    """The codes are proposals again: whoever approved them was told otherwise."""
    with transaction.atomic():
        rows = list(
            Variant.objects.lock()
            .filter(pk__in=variant_ids)
            .exclude(classification_status=Variant.Classification.DRAFT)
        )
        for variant in rows:
            variant.classification_status = Variant.Classification.DRAFT
            variant.classified_at, variant.classified_by, variant.ruling_reference = None, None, ""
            variant.save(
                update_fields=[
                    "classification_status", "ruling_reference", "classified_at", "classified_by", "updated",
                ]
            )  # fmt: skip
            audit.record("catalog.reopen_classification", variant, data={"sku": variant.sku}, reason=reason)
        _announce(rows)
    return len(rows)


def _values(variant: Variant, proposal: Proposal) -> dict[str, object]:
    values: dict[str, object] = {}
    if proposal.hs_code is not None:
        values["hs_code"] = _goods_code(variant, proposal.hs_code)
    if proposal.origin is not None:
        values["origin_country"] = _origin(variant, proposal.origin)
    if proposal.local_codes is not None:
        values["hs_local"] = _local_codes(variant, proposal.local_codes)
    texts = (
        ("customs_description", proposal.description, LONGEST_DESCRIPTION),
        ("materials", proposal.materials, LONGEST_MATERIALS),
    )
    values |= {name: text.strip()[:most] for name, text, most in texts if text is not None}
    if proposal.weight_g is not None:
        values["weight_g"] = proposal.weight_g
    return values


def _goods_code(variant: Variant, typed: str) -> str | None:
    code = re.sub(r"[.\s]", "", typed)
    if code and not GOODS_CODE.match(code):
        raise _refused(variant, "hs_code", _("A goods code of a variant has 6 to 13 digits."))
    return code or None


def _origin(variant: Variant, typed: str) -> str | None:
    origin = typed.strip().upper()
    if origin and not COUNTRY.match(origin):
        raise _refused(variant, "origin", _("Write the country of origin as two letters, such as CN."))
    return origin or None


def _local_codes(variant: Variant, typed: str) -> dict[str, str]:
    found = {}
    for pair in filter(None, (part.strip() for part in re.split(r"[,;\n]", typed))):
        place, _space, written = pair.replace(":", " ").partition(" ")
        code = re.sub(r"[.\s]", "", written)
        if not DESTINATION.match(place.upper()) or not LOCAL_CODE.match(code):
            sentence = _("Write a country, or EU27, and its code of 8 to 13 digits, such as US 6109100012.")
            raise _refused(variant, "local", sentence)
        found[place.upper()] = code
    return found


def _refused(variant: Variant, field: str, sentence: str) -> ClassificationRefused:
    return ClassificationRefused(sku=variant.sku, field=field, sentence=sentence)


def _announce(variants: Sequence[Variant]) -> None:
    products = sorted({variant.product_id for variant in variants})
    if products:
        mark_dirty(product_ids=products)
        publish(ProductChanged(product_ids=tuple(products)))
