"""Search documents are worked out quickly: word by word they are what a plain reading of the rules gives."""

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from catalog.search.heads import heads_of
from catalog.search.vectors import GAP, LAST_PLACE, MOST_PLACES, WEIGHTS, Field, Said, Vectors, quoted
from catalog.search.words import LONGEST, REPEATED, signs_of, words_of

LANGUAGES = ("en", "de", "ja", "zh-hans", "ar", "he", "th", "pt-br")
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from([
            "Kettle", "kettle", "Größe", "for", "mit", "1.50", "500 GB", "500gb", '15.6"', "Wi-Fi", "急須", "やかん",
            "إبريق", "הקומקום", "l'été", "İstanbul", "a-b-c-d-e", "100,000", "10.0", "x" * 70, "กาต้มน้ำ", "(steel)",
        ]),
        max_size=40,
    ).map(" ".join),
)  # fmt: skip
SAID = st.builds(Said, TEXTS, st.sampled_from(LANGUAGES))
FIELDS = st.lists(
    st.builds(Field, st.sampled_from(sorted(WEIGHTS)), st.lists(SAID, max_size=4).map(tuple)), min_size=1, max_size=5
)
Stems = dict[str, dict[str, str]]


def stems_of(fields: Sequence[Field]) -> Stems:
    """Every word loses its last letter: enough to see which of a word's forms is looked up."""
    found: Stems = {language: {} for language in LANGUAGES}
    for said in (one for field in fields for one in field.said):
        for word in said.words:
            found[said.language] |= {form: form[:-1] for form in (word.form, *word.also) if len(form) > 3}
    return found


def placed(fields: Sequence[Field], stems: Stems) -> Iterator[tuple[str, int, str]]:
    """Each lexeme where it stands, one after the other."""
    place = 1
    for field in fields:
        for said in field.said:
            words = words_of(said.text, said.language)
            heads = heads_of(words, said.language) if field.place == "name" else frozenset()
            for at, word in enumerate(words):
                weight = "A" if at in heads else WEIGHTS[field.place]
                if word.is_run:
                    for sign in signs_of(word.form):
                        yield sign, place, weight
                        place += 1
                else:
                    for form in (word.form, *word.also):
                        yield stems[said.language].get(form, form), place, weight
                place += 1
            place += GAP


def plain_vector(fields: Sequence[Field], stems: Stems) -> str:
    places: dict[str, list[str]] = {}
    for lexeme, place, weight in placed(fields, stems):
        held = places.setdefault(lexeme, [])
        if len(held) < MOST_PLACES:
            held.append(f"{min(place, LAST_PLACE)}{weight}")
    return " ".join(f"{quoted(lexeme)}:{','.join(held)}" for lexeme, held in places.items())


def plain_words(fields: Sequence[Field], language: str, stems: Stems) -> str:
    found: dict[str, tuple[str, str]] = {}
    for said in (one for field in fields for one in field.said if one.language == language):
        for word in words_of(said.text, language):
            if 1 < len(word.form) <= LONGEST and not word.form[0].isdigit():
                lexeme = "" if word.is_run else stems[language].get(word.form, word.form)
                found.setdefault(word.form, (lexeme, word.shown))
    return " ".join(f"{form}\t{lexeme}\t{label}" for form, (lexeme, label) in sorted(found.items()))


@given(documents=st.lists(FIELDS, min_size=1, max_size=3))
def test_documents_of_a_batch_are_those_of_a_plain_reading(documents: list[list[Field]]) -> None:
    stems = stems_of([field for fields in documents for field in fields])
    vectors = Vectors(stems)
    for fields in (*documents, *documents):
        assert vectors.vector_of(fields) == plain_vector(fields, stems)
        for language in LANGUAGES:
            assert vectors.plain_words(fields, language) == plain_words(fields, language, stems)


@given(text=TEXTS, language=st.sampled_from(LANGUAGES))
def test_a_text_has_the_same_words_whether_it_is_remembered_or_not(text: str, language: str) -> None:
    padding = "." * (REPEATED + 1)
    alone, padded = words_of(text, language), words_of(f"{text} {padding}", language)
    assert [word.form for word in alone] == [word.form for word in padded]
