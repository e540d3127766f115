"""What content knows of readiness: policies and legal pages, and the words of mails, in the languages of a market."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from content.models import Page
from markets.models import Market
from markets.names import language_name
from markets.readiness import Area, Lack, Measure, register
from markets.readiness.measures import of_lacks
from markets.readiness.own import spoken

STANDS_FOR = {
    "withdrawal_notice_and_form": "returns",
    "returns_and_consumer_guarantees": "returns",
    "shipping_and_payment": "delivery",
    "accessibility_statement": "accessibility",
    "aviso_de_privacidad": "privacy",
    "ccpa_notice": "privacy",
    "do_not_sell_or_share": "privacy",
    "privacy_lgpd": "privacy",
    "privacy_pipl": "privacy",
    "privacy_popia": "privacy",
    "privacy_kvkk": "privacy",
    "business_information_footer": "imprint",
    "tokushoho_page": "imprint",
}
"""Pages of ours that hold what a law calls by another name; a page with that very name comes first."""
SUBJECT = re.compile(
    r"{%\s*translate\s+\"(?P<plain>[^\"]+)\"|{%\s*blocktranslate[^%]*%}(?P<block>.*?){%\s*endblocktranslate", re.S
)
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


def legal_pages(market: Market) -> Measure:
    """Every page the market's law asks for, in every language it speaks."""
    languages = spoken(market)
    pages: dict[str, Page] = {}
    for page in Page.objects.shown_in(market.code).order_by("market_codes"):
        pages[page.code] = page
    missing = []
    for wanted in market.legal_pages:
        found = pages.get(wanted.replace("_", "-")) or pages.get(STANDS_FOR.get(wanted, ""))
        missing += list(_lacks(wanted, found, languages))
    return of_lacks(missing, total=len(market.legal_pages) * len(languages))


def mails(market: Market) -> Measure:
    """The subject of every message in every language: where it is in English, the message is too."""
    missing, total, preview = [], 0, reverse("admin:console_mails")
    for language in spoken(market):
        if language == settings.LANGUAGE_CODE:
            total += len(subjects())
            continue
        with translation.override(language):
            silent = [kind for kind, one, many in subjects() if _has_no_words(one, many)]
        total += len(subjects())
        missing += [(language, kind) for kind in silent]
    lacks = [
        Lack(
            sentence=_("The message %(kind)s has no words in %(language)s.")
            % {"kind": kind.replace("_", " "), "language": _spoken(language)},
            url=f"{preview}?{urlencode({'kind': kind, 'language': language})}",
        )
        for language, kind in missing
    ]
    return of_lacks(lacks, total=total)


@cache
def subjects() -> tuple[tuple[str, str, str], ...]:
    """Every kind of message with the original of its subject, and of its plural where it counts something."""
    found = []
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(Path(folder).glob("emails/*.subject.txt")):
            match = SUBJECT.search(path.read_text("utf-8"))
            if match is not None:
                one, _tag, many = (match["plain"] or " ".join(match["block"].split())).partition("{% plural %}")
                found.append((path.name.removesuffix(".subject.txt"), _original(one), _original(many)))
    return tuple(found)


def _original(words: str) -> str:
    return VARIABLE.sub(r"%(\1)s", words.strip())


def _has_no_words(one: str, many: str) -> bool:
    """Whether a subject reads the same in the running language as in the original."""
    return (translation.ngettext(one, many, 1) if many else translation.gettext(one)) == one


def _lacks(wanted: str, page: Page | None, languages: list[str]) -> Iterable[Lack]:
    name = wanted.replace("_", " ")
    if page is None:
        url = reverse("admin:content_page_add")
        for language in languages:
            said = {"page": name, "language": _spoken(language)}
            yield Lack(sentence=_("The page “%(page)s” is missing in %(language)s.") % said, url=url)
        return
    words = page.i18n or {}
    for language in languages:
        key = f"body_{language.replace('-', '_')}"
        if language != settings.LANGUAGE_CODE and not words.get(key):
            said = {"page": name, "language": _spoken(language)}
            url = reverse("admin:content_page_change", args=[page.pk])
            yield Lack(sentence=_("The page “%(page)s” is missing in %(language)s.") % said, url=url)


def _spoken(language: str) -> str:
    return language_name(language, get_language() or "en")


register(
    Area(code="legal", title=gettext_lazy("Policies and legal pages"), bar=100, position=100, measure=legal_pages),
    Area(code="mails", title=gettext_lazy("Mails"), bar=100, position=110, measure=mails),
)
