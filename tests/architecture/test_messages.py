"""Every message is declared, has its files for each of its channels, and says something in every language."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from core.notifications.channels import EMAIL, PUSH, SMS
from core.notifications.kinds import Kind, kinds
from core.notifications.lengths import MOST_SEGMENTS, sms_segments
from core.notifications.rendering import render_message

PREHEADER = re.compile(r'class="preheader" hidden>\s*[^<\s]')
ROOT = Path(settings.BASE_DIR) / "templates"
FILES = {
    EMAIL: ("emails/{}.subject.txt", "emails/{}.txt", "emails/{}.html"),
    SMS: ("messages/{}.sms.txt",),
    PUSH: ("messages/{}.push.txt",),
}
DECLARED = sorted((one for one in kinds().values() if not one.name.startswith("test_")), key=lambda one: one.name)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def test_every_file_belongs_to_a_declared_message() -> None:
    known = {one.files for one in DECLARED} | {one.short_files for one in DECLARED}
    found = {path.name.split(".")[0] for path in (ROOT / "emails").iterdir()} - {"base"}
    found |= {path.name.split(".")[0] for path in (ROOT / "messages").iterdir()}
    assert found - known == set()


@pytest.mark.parametrize("kind", DECLARED, ids=lambda one: one.name)
def test_a_message_has_its_files(kind: Kind) -> None:
    wanted = [
        name.format(kind.files if channel == EMAIL else kind.short_files)
        for channel in kind.channels
        for name in FILES[channel]
    ]
    assert [name for name in wanted if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("kind", DECLARED, ids=lambda one: one.name)
def test_a_message_leaves_by_every_channel_or_says_why_not(kind: Kind) -> None:
    """Exactly one of both, so that a reason does not stay behind when channels are added."""
    assert (set(kind.channels) == {EMAIL, SMS, PUSH}) != bool(kind.mail_only)
    assert EMAIL in kind.channels


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [one for one in DECLARED if one.sample()], ids=lambda one: one.name)
def test_a_sample_says_something_by_every_channel(kind: Kind, language: str) -> None:
    with translation.override(language):
        sample = kind.sample()
    for channel in kind.channels:
        said = render_message(kind, channel=channel, language=language, context=sample)
        assert said.text.strip()
        assert "{{" not in said.text + said.subject + said.html
        if channel == SMS:
            assert sms_segments(said.text) <= MOST_SEGMENTS
        else:
            assert said.subject
        if channel == EMAIL:
            assert 'name="color-scheme"' in said.html
            assert PREHEADER.search(said.html), "what a list of mails shows after the subject"
