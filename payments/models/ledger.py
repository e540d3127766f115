"""The double-entry ledger: every movement of money, twice, for ever."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.money import from_minor

APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete

BALANCED = """
    IF EXISTS (
        SELECT 1 FROM payments_ledgerentry WHERE txn_id = NEW.txn_id GROUP BY currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', NEW.txn_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
SAME_CURRENCY = """
    IF NOT EXISTS (
        SELECT 1 FROM payments_ledgeraccount WHERE id = NEW.account_id AND currency = NEW.currency
    ) THEN
        RAISE EXCEPTION 'ledger entry in % on an account of another currency', NEW.currency
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
TWO_SIDES = """
    IF (SELECT count(*) FROM payments_ledgerentry WHERE txn_id = NEW.id) < 2 THEN
        RAISE EXCEPTION 'ledger transaction % has fewer than two entries', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class LedgerAccount(models.Model):
    """A pot: whose it is, what it is for, in which currency."""

    owner_kind = models.CharField(_("kind of owner"), max_length=20)
    owner_id = models.CharField(_("owner"), max_length=60)
    code = models.CharField(_("account"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")
        ordering = ["code", "owner_kind", "owner_id", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id", "code", "currency"], name="ledger_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code}:{self.owner_id} {self.currency}"


class LedgerTxn(models.Model):
    """One movement with one cause, posted once per `idempotency_key`."""

    kind = models.CharField(_("kind"), max_length=30)
    source_type = models.CharField(_("kind of cause"), max_length=40)
    source_id = models.CharField(_("cause"), max_length=60)
    idempotency_key = models.CharField(max_length=120, unique=True)
    occurred_at = models.DateTimeField(_("occurred"))
    posted_at = models.DateTimeField(_("posted"), auto_now_add=True)

    class Meta:
        verbose_name = _("ledger transaction")
        verbose_name_plural = _("ledger transactions")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["source_type", "source_id"], name="ledger_by_cause"),
            models.Index(fields=["occurred_at"], name="ledger_by_time"),
        ]
        triggers = [
            pgtrigger.Protect(name="ledger_txn_append_only", operation=APPEND_ONLY),
            pgtrigger.Trigger(
                name="ledger_txn_two_sides",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                func=TWO_SIDES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_type}:{self.source_id}"


class LedgerEntry(models.Model):
    """One side of a movement. What an account receives is positive."""

    txn = models.ForeignKey(LedgerTxn, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="entries")
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_entry_not_zero"),
        ]
        triggers = [
            pgtrigger.Protect(name="ledger_entry_append_only", operation=APPEND_ONLY),
            pgtrigger.Trigger(
                name="ledger_entry_same_currency",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=SAME_CURRENCY,
            ),
            pgtrigger.Trigger(
                name="ledger_entries_balance",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                func=BALANCED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)
