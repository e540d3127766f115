"""Bank transfers for tests: accounts, awaited transfers, and statements as banks write them."""

from collections.abc import Sequence
from dataclasses import dataclass

from djmoney.money import Money

from markets.cache import forget
from markets.models import Market, MarketPaymentMethod, PaymentMethod
from orders.models import Order
from payments.models import BankAccount, BankTransfer, MarketBankAccount
from payments.providers.bank.accounts import METHOD
from payments.statements.importing import Imported, import_statement
from tests.factories.markets import small_world
from tests.factories.payments import started

IBAN = "DE89370400440532013000"
PAYER_IBAN = "NL91ABNA0417164300"


@dataclass(frozen=True, kw_only=True)
class Move:
    """A movement on the account. Negative amounts went out."""

    amount: str
    purpose: str = ""
    reference: str = ""
    payer: str = "CUSTOMER 1"
    bank_id: str = ""
    day: str = "2026-11-20"
    currency: str = "EUR"
    payer_account: str = PAYER_IBAN


@dataclass(frozen=True, kw_only=True)
class Balances:
    """What a statement says of itself."""

    number: str
    opening: str
    closing: str
    day: str = "2026-11-20"


def bank_account(*, market: str = "de", currency: str = "EUR", iban: str = IBAN, **facts: object) -> BankAccount:
    """The account of a market that exists, with the bank transfer among its ways to pay."""
    account = BankAccount.objects.create(
        name=f"{market} {currency}", holder="Meridian Trading", iban=iban, currency=currency, **facts
    )
    place = Market.objects.get(code=market)
    MarketBankAccount.objects.create(market=place, account=account)
    method, _ = PaymentMethod.objects.get_or_create(
        code=METHOD, defaults={"brand": "Bank transfer", "family": "bank_transfer", "is_delayed": True}
    )
    MarketPaymentMethod.objects.get_or_create(market=place, method=method, defaults={"provider": "bank"})
    forget()
    return account


def transfer(amount: str = "49.90", *, order: Order | None = None) -> BankTransfer:
    """A transfer that is awaited: of an order of its own number only, or of one that was placed."""
    total = order.total if order is not None else Money(amount, "EUR")
    payment = started(total, order=order.number if order is not None else "", method=METHOD, provider="bank")
    return BankTransfer.objects.select_related("payment").get(payment=payment)


def transfer_world() -> BankAccount:
    """A German market with an account."""
    small_world("de")
    return bank_account()


def camt(
    *moves: Move, iban: str = IBAN, status: str = "<Sts><Cd>BOOK</Cd></Sts>", balances: Balances | None = None
) -> bytes:
    """A CAMT.053 file of version 8."""
    number = f"<ElctrncSeqNb>{balances.number}</ElctrncSeqNb>" if balances else ""
    held = _balance("OPBD", balances.opening, balances.day) if balances else ""
    held += _balance("CLBD", balances.closing, balances.day) if balances else ""
    entries = "".join(_entry(move, status) for move in moves)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-21T04:00:00+01:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>S1</Id>{number}<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{held}{entries}</Stmt>"
        "</BkToCstmrStmt></Document>"
    ).encode()


def _balance(code: str, amount: str, day: str) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _entry(move: Move, status: str) -> str:
    side = "DBIT" if move.amount.startswith("-") else "CRDT"
    other = "Cdtr" if move.amount.startswith("-") else "Dbtr"
    structured = f"<Strd><CdtrRefInf><Ref>{move.reference}</Ref></CdtrRefInf></Strd>" if move.reference else ""
    named = f"<AcctSvcrRef>{move.bank_id}</AcctSvcrRef>" if move.bank_id else ""
    return (
        f'<Ntry><Amt Ccy="{move.currency}">{move.amount.lstrip("-")}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>{move.day}</Dt></BookgDt>{named}<NtryDtls><TxDtls>"
        "<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f"<RltdPties><{other}><Pty><Nm>{move.payer}</Nm></Pty></{other}>"
        f"<{other}Acct><Id><IBAN>{move.payer_account}</IBAN></Id></{other}Acct>"
        f"</RltdPties><RmtInf><Ustrd>{move.purpose}</Ustrd>{structured}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def bring_in(account: BankAccount, moves: Sequence[Move], *, name: str = "statement.xml") -> Imported:
    """Import a file with these movements."""
    return import_statement(account_id=account.pk, name=name, content=camt(*moves))


def arrive(account: BankAccount, awaited: BankTransfer, *amounts: str) -> None:
    """Each amount comes on a statement of its own, with the reference."""
    for at, amount in enumerate(amounts, start=1):
        move = Move(amount=amount, purpose=awaited.reference, bank_id=f"{awaited.reference}-{at}")
        bring_in(account, [move], name=f"{at}.xml")
