"""Which account a market asks its shoppers to transfer to, and how it is shown to them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

from stdnum import iban as ibans

from payments.models import BankAccount, MarketBankAccount

PROVIDER = "bank"
METHOD = "customer_balance"
"""The code under which the table of payment methods lists the bank transfer."""


@dataclass(frozen=True, kw_only=True)
class ShownAccount:
    """An account as a shopper copies it. Kept with the transfer, so that an edited account changes no promise."""

    holder: str
    bank_name: str
    iban: str
    bic: str
    local: str
    currency: str

    @property
    def printed_iban(self) -> str:
        """In groups of four."""
        return str(ibans.format(self.iban))

    @property
    def local_lines(self) -> tuple[str, ...]:
        """The lines of an account without IBAN."""
        return tuple(line.strip() for line in self.local.splitlines() if line.strip())

    def as_json(self) -> dict[str, str]:
        """For the row of the transfer."""
        return asdict(self)


def shown_account(account: BankAccount) -> ShownAccount:
    """The account as it stands now."""
    return ShownAccount(
        holder=account.holder,
        bank_name=account.bank_name,
        iban=account.iban,
        bic=account.bic,
        local=account.local,
        currency=account.currency,
    )


def account_of(market: str) -> BankAccount | None:
    """The active account of a market."""
    row = MarketBankAccount.objects.filter(market__code=market, account__active=True).select_related("account").first()
    return row.account if row is not None else None


class PerMethod(Mapping[str, frozenset[str]]):
    """What the bank transfer is limited to, read when somebody asks: an offer is also made before there are tables."""

    def __init__(self, read: Callable[[], frozenset[str]]) -> None:
        self._read = read

    def __getitem__(self, method: str) -> frozenset[str]:
        if method != METHOD:
            raise KeyError(method)
        return self._read()

    def __contains__(self, method: object) -> bool:
        return method == METHOD

    def __iter__(self) -> Iterator[str]:
        return iter((METHOD,))

    def __len__(self) -> int:
        return 1


def currencies() -> frozenset[str]:
    """Currencies in which some market has an account."""
    rows = MarketBankAccount.objects.filter(account__active=True)
    return frozenset(rows.values_list("account__currency", flat=True))


def markets() -> frozenset[str]:
    """Markets that have an account in their own currency."""
    rows = MarketBankAccount.objects.filter(account__active=True).select_related("account", "market")
    return frozenset(row.market.code for row in rows if row.market.currency_id == row.account.currency)
