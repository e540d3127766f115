"""What people may ask about what is held of them: a copy, and to be forgotten."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import DomainError
from core.privacy import Subject, erase_person, export_person, reasons_to_wait
from members.models import User
from members.queries import proven_emails


class ErasureWaits(DomainError):
    """Something of the person's is still under way; nothing was erased."""

    code = "ERASURE_WAITS"
    message = gettext_lazy("Your data cannot be deleted yet.")

    def __init__(self, *, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__()


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy of everything: `data.json` for machines and `data.html` for people, in one ZIP."""

    name: str
    content: bytes


def subject_of(user: User) -> Subject:
    """A member, with the addresses they have proven."""
    return Subject(emails=frozenset(email.lower() for email in proven_emails(user.pk)), user_id=user.pk)


def subject_named(email: str) -> Subject:
    """Whoever an address belongs to, with or without an account. For operators, who have checked who asks."""
    user = User.objects.filter(email__iexact=email).first()
    known = subject_of(user) if user is not None else Subject(emails=frozenset())
    return Subject(emails=known.emails | {email.strip().lower()}, user_id=known.user_id)


def copy_of(subject: Subject) -> Copy:
    """Everything held about a person. Recorded, without saying whose."""
    found = export_person(subject)
    audit.record("members.export_person", _target(subject), data={"models": sorted(found)})
    now = timezone.now()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        archive.writestr(
            "data.html", render_to_string("members/data_copy.html", {"tables": _tables(found), "now": now})
        )
    return Copy(name=f"my-data-{now:%Y-%m-%d}.zip", content=out.getvalue())


def forget(subject: Subject) -> Mapping[str, int]:
    """Erase a person; what the law keeps is pseudonymised. Twice is no trouble.

    Raises `ErasureWaits` while an order, a refund, a return or a dispute of theirs is under way, and for operators,
    whose accounts are closed by a colleague.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=subject.user_id or 0).first()
        reasons = reasons_to_wait(subject)
        if user is not None and user.is_staff:
            reasons = (_("This is an operator's account. A colleague takes its rights away first."), *reasons)
        if reasons:
            raise ErasureWaits(reasons=reasons)
        audit.record("members.erase_person", _target(subject))
        return erase_person(subject)


def _target(subject: Subject) -> str:
    """The account's number, or for somebody without one a mark that cannot be read back."""
    if subject.user_id is not None:
        return f"members.User:{subject.user_id}"
    digest = hashlib.sha256("|".join(sorted(subject.emails)).encode()).hexdigest()
    return f"guest:{digest[:16]}"


def _tables(found: Mapping[str, list[dict[str, Any]]]) -> list[tuple[str, list[str], list[list[str]]]]:
    return [
        (name, list(rows[0]), [["" if value is None else str(value) for value in row.values()] for row in rows])
        for name, rows in found.items()
    ]
