"""How far each translation is: written down by the actions that store texts, told from the rows alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import actions
from catalog.actions.translations import NewText, TextPlace, approve_translations, save_translations
from catalog.drafts import Detail, ProductDraft
from catalog.models import OptionValue, OriginalText, Product, ProductAttribute, Route, SourceText, TranslationState
from catalog.translating.changes import changes_between
from catalog.translating.errors import TextsMoved, TextsRefused, UnknownText
from catalog.translating.noting import forget_unused_originals, note_texts, sync_texts
from catalog.translating.provenance import written_as
from catalog.translating.registry import translatable
from catalog.translating.stamps import stamp_of
from catalog.translating.standing import Standing, read
from catalog.translating.texts import Kind, count_words, text_hash
from core.models import AuditEntry
from tests.factories.catalog import ProductTypeFactory, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
KEY = "catalog.product"


@shared_world
def world():
    small_world("de", "jp")
    ProductTypeFactory()


def draft(**texts):
    return ProductDraft(code="kettle", product_type="goods", texts={"name": {"en": "Kettle"}, **texts})


def made(**texts) -> Product:
    return actions.create_product(draft=draft(**texts))


def standing(product, field="name", language="de") -> Standing:
    source = SourceText.objects.get(model=KEY, object_id=product.pk, field=field)
    return read(source.states).get(language, Standing.MISSING)


def save(product, field="name", language="de", words="Kessel", **how) -> int:
    text = NewText(field=field, language=language, words=words, **how)
    return save_translations(key=KEY, object_id=product.pk, texts=[text])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Two  words ", "Two words"),
        ("a\r\nb", "a\nb"),
        ("a \n b", "a\nb"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_what_no_translator_would_notice_leaves_the_hash_alone(one: str, other: str) -> None:
    assert text_hash(one, Kind.TEXT) == text_hash(other, Kind.TEXT)


@pytest.mark.parametrize(("one", "other"), [("Kettle", "kettle"), ("Kettle", "Kettle."), ("a b", "a\nb"), ("", "a")])
def test_what_a_translator_would_notice_changes_the_hash(one: str, other: str) -> None:
    assert text_hash(one, Kind.TEXT) != text_hash(other, Kind.TEXT)


@pytest.mark.parametrize(("text", "count"), [("Pour-over kettle, 0.9 l", 5), ("急須", 2), ("<p>One <b>two</b></p>", 2)])
def test_words_are_counted_without_tags(text: str, count: int) -> None:
    assert count_words(text, Kind.HTML) == count


def test_words_of_an_importer_are_drafts_and_those_of_the_seed_approved() -> None:
    imported = made(name={"en": "Kettle", "de": "Kessel"})
    with written_as("approved"):
        actions.put_option_type(code="hue", names={"en": "Hue", "de": "Farbton"})
    assert standing(imported) is Standing.DRAFT
    assert standing(imported, language="ja") is Standing.MISSING
    assert read(SourceText.objects.get(label="Hue").states) == {"de": Standing.APPROVED}


def test_a_changed_original_makes_every_translation_outdated_and_loses_none() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel", "ja": "やかん"})
    save(product, state="approved")

    actions.update_product(product_id=product.pk, draft=draft(name={"en": "Steel kettle"}))

    product.refresh_from_db()
    assert product.text("name", "de") == "Kessel"
    assert standing(product) is standing(product, language="ja") is Standing.STALE
    state = TranslationState.objects.get(object_id=product.pk, language="de")
    assert state.state == "approved"
    old = OriginalText.objects.get(hash=state.source_hash).text
    assert [(each.what, each.text) for each in changes_between(old, product.name)] == [
        ("gone", "Kettle"),
        ("added", "Steel kettle"),
    ]


def test_an_original_that_comes_back_brings_the_approval_back() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"})
    save(product, state="approved")
    actions.update_product(product_id=product.pk, draft=draft(name={"en": "Pot"}))
    actions.update_product(product_id=product.pk, draft=draft(name={"en": "Kettle"}))
    assert standing(product) is Standing.APPROVED


def test_an_original_and_its_translation_changed_together_are_up_to_date() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"})
    actions.update_product(product_id=product.pk, draft=draft(name={"en": "Pot", "de": "Topf"}))
    assert standing(product) is Standing.DRAFT


def test_a_draft_that_is_changed_is_no_longer_approved() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"})
    save(product, state="approved")
    assert save(product, words="Wasserkessel") == 1
    assert standing(product) is Standing.DRAFT


def test_saving_what_is_there_changes_nothing_and_never_lowers_an_approval() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"})
    assert save(product, state="approved") == 1
    entries = AuditEntry.objects.count()
    assert [save(product), save(product, state="approved"), save(product, state="draft")] == [0, 0, 0]
    assert standing(product) is Standing.APPROVED
    assert AuditEntry.objects.count() == entries


def test_outdated_words_that_are_still_right_are_vouched_for_again() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"})
    save(product, state="approved")
    actions.update_product(product_id=product.pk, draft=draft(name={"en": "Steel kettle"}))
    assert save(product) == 0
    assert standing(product) is Standing.STALE
    assert save(product, state="draft") == 1
    assert standing(product) is Standing.DRAFT


def test_words_that_are_taken_away_are_missing_again() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"})
    assert save(product, words="") == 1
    assert standing(product) is Standing.MISSING
    assert not TranslationState.objects.filter(object_id=product.pk).exists()


def test_who_was_slower_is_told_and_nothing_is_stored() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"})
    state = TranslationState.objects.get(object_id=product.pk, language="de")
    seen = stamp_of(text_hash("Kettle", Kind.LINE), state)
    save(product, words="Wasserkessel", seen=seen)
    with pytest.raises(TextsMoved) as told:
        save(product, words="Teekessel", seen=seen)
    product.refresh_from_db()
    assert product.text("name", "de") == "Wasserkessel"
    assert [(each.field, each.language) for each in told.value.texts] == [("name", "de")]


def test_an_original_that_moved_meanwhile_is_a_conflict_too() -> None:
    product = made()
    seen = stamp_of(text_hash("Kettle", Kind.LINE), None)
    actions.update_product(product_id=product.pk, draft=draft(name={"en": "Pot"}))
    with pytest.raises(TextsMoved):
        save(product, seen=seen)
    assert standing(product) is Standing.MISSING


def test_a_lost_tag_may_be_drafted_but_not_approved() -> None:
    product = made(description={"en": "<p>Very <strong>hot</strong></p>"})
    with pytest.raises(TextsRefused) as told:
        save(product, "description", words="<p>Sehr heiß</p>", state="approved")
    assert "<strong>" in told.value.texts[0].sentence
    assert standing(product, "description") is Standing.MISSING
    save(product, "description", words="<p>Sehr heiß</p>")
    assert standing(product, "description") is Standing.DRAFT


def test_formatted_words_are_cleaned_when_they_are_stored() -> None:
    product = made(description={"en": "<p>Hot</p>"})
    save(product, "description", words="<p onclick='x()'>Heiß<script>alert(1)</script></p>")
    product.refresh_from_db()
    assert product.text("description", "de") == "<p>Heiß</p>"


def test_what_is_too_long_or_unknown_is_refused() -> None:
    product = made()
    with pytest.raises(TextsRefused):
        save(product, words="x" * 201)
    for wrong in ({"field": "code"}, {"language": "en"}, {"language": "tlh"}):
        with pytest.raises(UnknownText):
            save(product, **{"field": "name", "language": "de", **wrong})
    with pytest.raises(UnknownText):
        save_translations(key="auth.user", object_id=1, texts=[])
    assert standing(product) is Standing.MISSING


def test_a_new_address_leads_on_from_the_old_one_and_leaves_other_languages_alone() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"})
    before = dict(Route.objects.filter(product=product, current=True).values_list("language", "slug"))
    text = NewText(field="name", language="de", words="Wasserkessel")
    save_translations(key=KEY, object_id=product.pk, texts=[text], slugs={"de": "wasserkessel"})
    after = dict(Route.objects.filter(product=product, current=True).values_list("language", "slug"))
    assert after == {**before, "de": "wasserkessel"}
    assert Route.objects.filter(product=product, language="de", slug="kessel", current=False).exists()


def test_several_are_approved_at_once_and_the_unsound_one_is_named() -> None:
    product = made(name={"en": "Kettle", "de": "Kessel"}, summary={"en": "Holds {litres} l", "de": "Fasst viel"})
    result = approve_translations(
        places=[
            TextPlace(key=KEY, object_id=product.pk, field=field, language=language)
            for field, language in (("name", "de"), ("summary", "de"), ("name", "ja"))
        ]
    )
    assert result.done == 1
    assert [(place.field, place.language) for place, _why in result.refused] == [("summary", "de"), ("name", "ja")]
    assert standing(product) is Standing.APPROVED
    assert standing(product, "summary") is Standing.DRAFT


def test_a_detail_in_words_keeps_its_translation_when_its_product_is_saved_again() -> None:
    actions.put_attribute(code="care", names={"en": "Care"}, data_type="text")
    product = made()
    words = {"en": "By hand", "de": "Von Hand"}
    actions.set_details(product_id=product.pk, details=[Detail(attribute="care", text=words)])
    detail = ProductAttribute.objects.get()
    place = TextPlace(key="catalog.productattribute", object_id=detail.pk, field="text_value", language="de")
    assert approve_translations(places=[place]).done == 1

    words["en"] = "Only by hand"
    actions.set_details(product_id=product.pk, details=[Detail(attribute="care", text=words)])

    assert ProductAttribute.objects.get().pk == detail.pk
    states = SourceText.objects.get(model="catalog.productattribute").states
    assert read(states) == {"de": Standing.STALE}
    actions.set_details(product_id=product.pk, details=[])
    assert not SourceText.objects.filter(model="catalog.productattribute").exists()


def test_rows_written_past_the_actions_are_found() -> None:
    option("colour", {"ink": "#111111"})
    OptionValue.objects.update(i18n={"name_de": "Tinte"})
    SourceText.objects.filter(model="catalog.optionvalue").update(words=99)
    entry = translatable("catalog.optionvalue")
    assert sync_texts(entry) > 0
    assert sync_texts(entry) == 0
    source = SourceText.objects.get(model="catalog.optionvalue")
    assert (read(source.states), source.words) == ({"de": Standing.DRAFT}, 1)
    SourceText.objects.create(model="catalog.optionvalue", object_id=987, field="name", source_hash="x", words=1)
    assert sync_texts(entry) == 1


def test_kept_originals_go_when_nothing_refers_to_them() -> None:
    product = made()
    actions.update_product(product_id=product.pk, draft=draft(name={"en": "Pot"}))
    assert OriginalText.objects.filter(text="Kettle").exists()
    forget_unused_originals()
    assert list(OriginalText.objects.filter(text__in=["Kettle", "Pot"]).values_list("text", flat=True)) == ["Pot"]


def test_many_rows_are_noted_in_as_many_queries_as_one() -> None:
    kind = ProductTypeFactory()
    products = [
        Product.objects.create(
            code=f"p{number}",
            name=f"Pot {number}",
            product_type=kind,
            tax_category_id="standard",
            i18n={"name_de": "Topf"},
        )
        for number in range(20)
    ]
    with CaptureQueriesContext(
        connection,
    ) as counted:
        note_texts(products)
    assert len(counted) <= 8
    assert SourceText.objects.filter(model=KEY).count() == 20
