"""Words of operators in mails: a signature per market and language, plain lines that are never a template."""

import pytest

from core.models import AuditEntry, Message, MessageWords
from core.notifications import send
from core.notifications.words import WordsRefused, added_to, save_words, words_at

pytestmark = pytest.mark.django_db
CONTEXT = {"headline": "H", "short": "S", "sentences": ["One."], "order_url": "http://shop.example/o/1/"}


def say(text: str, *, market: str = "", language: str = "de", kind: str = "", seen: str = "") -> bool:
    return save_words(market=market, language=language, kind=kind, text=text, seen=seen)


def written(key: str = "k", *, market: str = "de", language: str = "de") -> Message:
    message = send(
        "order_expired", to="a@example.com", language=language, market=market, dedupe_key=key, context=CONTEXT
    )
    assert message is not None
    return message


def test_a_signature_and_a_sentence_are_in_both_parts_of_the_mail() -> None:
    say("Ihr Laden\nTelefon 030 1", market="de")
    say("Schade.", kind="order_expired")
    say("Nicht hier.", kind="order_shipped")
    mail = written()
    assert mail.text.endswith("Schade.\n\nIhr Laden\nTelefon 030 1\n")
    assert "Ihr Laden<br>Telefon 030 1" in mail.html
    assert "<p>Schade.</p>" in mail.html
    assert "Nicht hier" not in mail.text + mail.html


def test_a_markets_own_words_go_first_and_another_language_never_steps_in() -> None:
    say("Für alle")
    say("Für Deutschland", market="de")
    assert added_to("x", market="de", language="de").signature == ("Für Deutschland",)
    assert added_to("x", market="at", language="de").signature == ("Für alle",)
    assert added_to("x", market="de", language="ja").signature == ()
    assert "Deutschland" not in written(language="en").text


def test_words_are_shown_as_they_are_and_never_read_as_code() -> None:
    say("<b>Wir</b> & {wir}")
    mail = written()
    assert "&lt;b&gt;Wir&lt;/b&gt; &amp; {wir}" in mail.html
    assert "<b>Wir</b> & {wir}" in mail.text


@pytest.mark.parametrize(
    "text",
    ["{{ order_url }}", "{% load x %}", "{# x #}", "a\nb\nc\nd\ne\nf\ng\nh\ni", "x" * 801, "a\u202eb", "a\x07b"],
)
def test_what_is_no_plain_lines_is_refused_and_nothing_changes(text: str) -> None:
    say("Vorher")
    with pytest.raises(WordsRefused):
        say(text, seen="Vorher")
    assert words_at(market="", language="de", kind="") == "Vorher"


def test_nobody_overwrites_what_they_have_not_seen() -> None:
    say("Eins")
    with pytest.raises(WordsRefused):
        say("Zwei", seen="")
    assert say("Zwei", seen="Eins")
    assert MessageWords.objects.get().text == "Zwei"


def test_saving_the_same_changes_nothing_and_nothing_takes_it_away() -> None:
    assert say("Eins\r\n  Zwei ")
    assert not say("Eins\nZwei", seen="Eins\nZwei")
    assert say("", seen="Eins\nZwei")
    assert not MessageWords.objects.exists()
    assert not say("", seen="")
    assert not MessageWords.objects.exists()
    assert AuditEntry.objects.filter(action="core.save_words").count() == 2


def test_a_mail_that_was_written_keeps_its_words() -> None:
    first = written()
    say("Neu")
    assert written().pk == first.pk
    first.refresh_from_db()
    assert "Neu" not in first.text
