"""Error sentences say the fix, in no language with a scolding word, a plea or a code."""

import html
import re
from typing import Any

import pytest

from tests.factories.cart import item_in, open_shop
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db

SCOLDING = {
    "en": ("invalid", "please", "required", "oops", "must not", "failed", "illegal"),
    "de": ("ungültig", "bitte", "erforderlich", "hoppla", "pflichtfeld", "unzulässig"),
    "fr": ("invalide", "veuillez", "s’il vous plaît", "s'il vous plaît", "obligatoire", "requis", "erroné"),
    "es": ("inválid", "no válid", "por favor", "obligatori", "requerid", "erróne"),
    "pt-br": ("inválid", "por favor", "obrigatóri", "requerid", "errad"),
    "ja": ("無効", "不正", "必須", "エラーコード"),
    "zh-hans": ("无效", "非法", "必填", "不合法", "抱歉"),
    "ar": ("غير صالح", "غير صحيح", "يرجى", "الرجاء", "من فضلك", "إلزامي"),
}
CODE = re.compile(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b|\b\d{3,}-[A-Z]|\bE\d{2,}\b")


def said(text: str) -> list[str]:
    """Every error sentence of a page: of the summary, at the fields, and notes that stop."""
    found = re.findall(r'<a href="#[\w-]+">([^<]+)</a></li>', text)
    found += re.findall(r'class="err"[^>]*>(?:<span class="sr">[^<]*</span>)?([^<]+)<', text)
    found += re.findall(r'class="note bad"[^>]*>.*?<p>(?:<strong>)?([^<]+)<', text, re.DOTALL)
    return [html.unescape(one).strip() for one in found if one.strip()]


@pytest.mark.parametrize("language", SCOLDING)
def test_no_error_scolds_pleads_or_shows_a_code(language: str) -> None:
    market = open_shop()
    shopper = Shopper(language=language)
    shopper.add(item_in(market))
    empty = {"email": "", "name": "", "street": "", "city": "", "postal_code": "", "payment": "none"}
    wrong = {"email": "nobody", "postal_code": "1", "phone": "12", "billing_same": "", "billing_postal_code": "x"}

    sentences = said(shopper.order(**empty).text) + said(shopper.order(**{**empty, **wrong}).text)
    sentences += said(shopper.post("orders/find/", number="", email="").text)
    sentences += said(shopper.post("orders/find/", number="X-1", email="nobody").text)
    sentences += said(shopper.post("orders/find/", number="X-1", email="nobody@example.com").text)
    sentences += said(shopper.post("withdraw/", name="", order="", email="nobody").text)

    assert len(set(sentences)) >= 10, sentences
    for sentence in sentences:
        assert not [word for word in SCOLDING[language] if word in sentence.lower()], sentence
        assert not CODE.search(sentence), sentence


def test_every_language_of_the_storefront_has_its_list(settings: Any) -> None:
    assert set(SCOLDING) == {code for code, _name in settings.LANGUAGES}


def test_the_control_a_scolding_sentence_is_found() -> None:
    page = '<li><a href="#email">Please enter a valid email</a></li><span class="err" id="x">Required</span>'
    assert said(page) == ["Please enter a valid email", "Required"]
