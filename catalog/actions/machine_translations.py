"""Asking the machine for what is missing."""

from itertools import groupby

from catalog.actions.translations import NewText, save_translations
from catalog.models import TranslationState
from catalog.translating.errors import MachineTranslationFailed, NoMachineTranslator, UnknownText
from catalog.translating.machine import MachineRequest, machine_translator
from catalog.translating.registry import Translatable, source_language, target_languages, translatable, words_of
from catalog.translating.stamps import stamp_of
from catalog.translating.texts import Kind, text_hash


def fill_by_machine(*, key: str, object_id: int, language: str) -> int:
    """Ask for every text of a row that has no words in a language. Returns how many it gave.

    What a person writes meanwhile wins: nothing is stored then (`TextsMoved`). The service is asked with no
    transaction open. Raises `NoMachineTranslator`, `UnknownText` and `MachineTranslationFailed`.
    """
    translator = machine_translator()
    if translator is None:
        raise NoMachineTranslator
    entry = translatable(key)
    if entry is None or language not in target_languages():
        raise UnknownText
    wanted = _missing(entry, object_id, language)
    texts = []
    for is_html, group in groupby(wanted, key=lambda each: each[1] is Kind.HTML):
        part = list(group)
        request = MachineRequest(
            source=source_language(),
            target=language,
            texts=tuple(source for _name, _kind, source in part),
            is_html=is_html,
        )
        answers = list(translator.translate(request))
        if len(answers) != len(part):
            raise MachineTranslationFailed
        texts += [
            NewText(
                field=name,
                language=language,
                words=words,
                state=TranslationState.State.MACHINE,
                seen=stamp_of(text_hash(source, kind), None),
            )
            for (name, kind, source), words in zip(part, answers, strict=True)
        ]
    return save_translations(key=key, object_id=object_id, texts=texts) if texts else 0


def _missing(entry: Translatable, object_id: int, language: str) -> list[tuple[str, Kind, str]]:
    row = entry.rows().filter(pk=object_id).first()
    if row is None:
        raise UnknownText
    found = [
        (each.name, each.kind, words_of(row, each.name, source_language()))
        for each in entry.fields
        if not words_of(row, each.name, language)
    ]
    return sorted((each for each in found if each[2]), key=lambda each: each[1] is Kind.HTML)
