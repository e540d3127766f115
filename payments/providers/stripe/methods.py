"""Which of our ways to pay Stripe's hosted page can take, under its names. Wallets on phones come with `card`."""

EUR = frozenset({"EUR"})
METHODS: dict[str, str] = {
    "card": "card",
    "klarna": "klarna",
    "ideal": "ideal",
    "bancontact": "bancontact",
    "eps": "eps",
    "blik": "blik",
    "p24": "p24",
    "twint": "twint",
    "sepa_debit": "sepa_debit",
    "multibanco": "multibanco",
    "mobilepay": "mobilepay",
    "swish": "swish",
    "pix": "pix",
    "boleto": "boleto",
    "oxxo": "oxxo",
    "konbini": "konbini",
    "affirm": "affirm",
    "afterpay_clearpay": "afterpay_clearpay",
    "alipay": "alipay",
    "amazon_pay": "amazon_pay",
    "cashapp": "cashapp",
    "revolut_pay": "revolut_pay",
}
CURRENCIES: dict[str, frozenset[str]] = {
    "klarna": frozenset({"EUR", "GBP", "SEK", "NOK", "DKK", "PLN", "CZK", "CHF", "RON", "USD", "CAD", "AUD", "NZD"}),
    "ideal": EUR,
    "bancontact": EUR,
    "eps": EUR,
    "blik": frozenset({"PLN"}),
    "p24": frozenset({"PLN", "EUR"}),
    "twint": frozenset({"CHF"}),
    "sepa_debit": EUR,
    "multibanco": EUR,
    "mobilepay": frozenset({"DKK", "EUR", "SEK", "NOK"}),
    "swish": frozenset({"SEK"}),
    "pix": frozenset({"BRL"}),
    "boleto": frozenset({"BRL"}),
    "oxxo": frozenset({"MXN"}),
    "konbini": frozenset({"JPY"}),
    "affirm": frozenset({"USD", "CAD"}),
    "afterpay_clearpay": frozenset({"USD", "CAD", "GBP", "AUD", "NZD"}),
    "alipay": frozenset({"CNY", "EUR", "GBP", "USD", "AUD", "CAD", "HKD", "JPY", "SGD", "NZD", "MYR"}),
    "amazon_pay": frozenset({"USD", "GBP", "EUR", "JPY"}),
    "cashapp": frozenset({"USD"}),
    "revolut_pay": frozenset({"EUR", "GBP", "RON", "HUF", "PLN", "DKK"}),
}
LOCALES = {"pt-br": "pt-BR", "zh-hans": "zh", "en": "en", "de": "de", "fr": "fr", "es": "es", "ja": "ja"}


def locale_of(language: str) -> str:
    """Stripe's name of the language; it picks one itself where it has none of ours."""
    return LOCALES.get(language, "auto")
