"""Payments and their facts, refunds, inbox, ledger, cases, and the sandbox's own books."""

from payments.models.bank import BankAccount, BankPayout, BankTransfer, MarketBankAccount
from payments.models.bank_lines import BankBooking, BankLine, BankStatement, TableShape
from payments.models.bank_recipients import RecipientChange, RecipientState
from payments.models.bank_sums import BankBalance, BankShare
from payments.models.cards import CardErrand, CardOwner, CardUse, SavedCard
from payments.models.cases import PaymentException
from payments.models.credit import (
    GRANTED_KINDS,
    CreditAccount,
    CreditEntry,
    CreditGrant,
    CreditKind,
    CreditLimit,
    CreditTerm,
    GiftCard,
    StoreCredit,
)
from payments.models.dispute import Dispute, DisputeEvidence, DisputeState, EvidenceKind
from payments.models.inbox import PaymentEvent
from payments.models.ledger import LedgerAccount, LedgerEntry, LedgerTxn
from payments.models.limits import VelocityLimit
from payments.models.payment import BEFORE_MONEY, Payment, PaymentTransaction
from payments.models.reconciliation import ProofRun, ReconciliationItem
from payments.models.refund import OPEN_REFUNDS, Refund
from payments.models.risk import RiskDecision, RiskOutcome, RiskRule, RiskSubject, RiskThreshold
from payments.models.sandbox import SandboxCharge, SandboxMovement, SandboxWebhook
from payments.models.statement import StatementEntry, StatementMatch, StatementRead

__all__ = [
    "BEFORE_MONEY",
    "GRANTED_KINDS",
    "OPEN_REFUNDS",
    "BankAccount",
    "BankBalance",
    "BankBooking",
    "BankLine",
    "BankPayout",
    "BankShare",
    "BankStatement",
    "BankTransfer",
    "CardErrand",
    "CardOwner",
    "CardUse",
    "CreditAccount",
    "CreditEntry",
    "CreditGrant",
    "CreditKind",
    "CreditLimit",
    "CreditTerm",
    "Dispute",
    "DisputeEvidence",
    "DisputeState",
    "EvidenceKind",
    "GiftCard",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerTxn",
    "MarketBankAccount",
    "Payment",
    "PaymentEvent",
    "PaymentException",
    "PaymentTransaction",
    "ProofRun",
    "RecipientChange",
    "RecipientState",
    "ReconciliationItem",
    "Refund",
    "RiskDecision",
    "RiskOutcome",
    "RiskRule",
    "RiskSubject",
    "RiskThreshold",
    "SandboxCharge",
    "SandboxMovement",
    "SandboxWebhook",
    "SavedCard",
    "StatementEntry",
    "StatementMatch",
    "StatementRead",
    "StoreCredit",
    "TableShape",
    "VelocityLimit",
]
