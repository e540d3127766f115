"""Amounts as people type and paste them: with a point or a comma, with groups, with a sign of the currency. Pure."""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import exponent

LARGEST = Decimal(10) ** 12
GROUPED = re.compile(r"[0-9]{1,3}([.,][0-9]{3})+")
QUIET = "'’` \u00a0\u202f\u2009\u200e\u200f\u061c"
ARABIC = str.maketrans({"٫": ".", "٬": None})


class AmountProblem(ValueError):
    """The text is not an amount of this currency; the message says what to write instead."""


def parse_amount(text: str, currency: str) -> Decimal:
    """What `text` says in major units of `currency`. Raises `AmountProblem`.

    A single point or comma before exactly three digits could be either; it is asked for, not guessed. Where the
    currency has no decimals it can only be a group, where it has three it can only be a decimal.
    """
    digits = exponent(currency)
    plain = _plain(text, currency)
    value = Decimal(_with_point(plain, text, digits))
    step = Decimal(1).scaleb(-digits)
    if value >= LARGEST:
        raise AmountProblem(_("This amount is too large."))
    if value != value.quantize(step):
        raise AmountProblem(_too_precise(currency, digits))
    return value.quantize(step)


def written(amount: Decimal, currency: str) -> str:
    """An amount as a cell shows it: with a point, and exactly the digits of the currency."""
    return str(amount.quantize(Decimal(1).scaleb(-exponent(currency))))


def _too_precise(currency: str, digits: int) -> str:
    if not digits:
        return _("%(currency)s has no decimals.") % {"currency": currency}
    told = ngettext("%(currency)s has %(digits)d decimal.", "%(currency)s has %(digits)d decimals.", digits)
    return told % {"currency": currency, "digits": digits}


def _plain(text: str, currency: str) -> str:
    """Digits, points and commas only."""
    bare = text.strip().removeprefix(currency).removesuffix(currency)
    kept = (
        str(unicodedata.digit(sign)) if sign.isdigit() else sign
        for sign in bare.translate(ARABIC)
        if sign not in QUIET and unicodedata.category(sign) != "Sc"
    )
    plain = "".join(kept)
    if not re.fullmatch(r"[0-9]+([.,][0-9]+)*|[.,][0-9]+", plain):
        raise AmountProblem(_("“%(text)s” is not an amount.") % {"text": text[:40]})
    return plain


def _with_point(plain: str, text: str, digits: int) -> str:
    signs = [sign for sign in plain if sign in ".,"]
    if not signs:
        return plain
    if len(signs) == 1:
        whole, _sign, rest = plain.replace(",", ".").partition(".")
        if len(rest) != 3 or digits == 3 or not whole or whole == "0":
            return f"{whole or '0'}.{rest}"
        if digits == 0:
            return whole + rest
        raise AmountProblem(
            _("Is “%(text)s” a thousand or a decimal? Write it without the sign, or with fewer decimals.")
            % {"text": text.strip()[:40]}
        )
    last = signs[-1]
    if set(signs) == {last}:
        head, rest = plain, ""
    else:
        head, _sign, rest = plain.rpartition(last)
    if not GROUPED.fullmatch(head) or (last in head and rest) or len({sign for sign in head if sign in ".,"}) > 1:
        raise AmountProblem(_("“%(text)s” is not an amount.") % {"text": text[:40]})
    whole = head.replace(".", "").replace(",", "")
    return f"{whole}.{rest}" if rest else whole
