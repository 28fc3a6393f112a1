"""What a good summariser writes in its own words passes the check; what is a little false does not.

The chats in `paraphrases.json` are made up, in six languages.
"""

import json
from pathlib import Path

import pytest

from guildwatch.digest.checking.check import Failure, check_point
from guildwatch.digest.transcript.clean import clean
from guildwatch.model import Author, Point

CHATS = json.loads(Path(__file__).with_name("paraphrases.json").read_text("utf-8"))
SPEAKERS = 100  # the first of their ids


@pytest.fixture
def shown(talk, context):
    def shown(language):
        names = sorted({name for name, _ in CHATS[language]["chat"]})
        for name, text in CHATS[language]["chat"]:
            who = SPEAKERS + names.index(name)
            talk.say(who, text, author=Author(who, name))
        return dict(enumerate(clean(talk.messages, context).lines, 1))

    return shown


def told(kind):
    return [
        pytest.param(language, each, id=f"{language}: {each['text']}")
        for language, chat in CHATS.items()
        for each in chat[kind]
    ]


@pytest.mark.parametrize(("language", "raw"), told("true"))
def test_a_paraphrase_of_what_was_said_is_kept(shown, language, raw):
    kept = check_point(raw, shown(language))
    assert isinstance(kept, Point), kept


@pytest.mark.parametrize(("language", "raw"), told("false"))
def test_a_small_lie_is_not(shown, language, raw):
    failed = check_point(raw, shown(language))
    assert isinstance(failed, Failure), failed
    assert failed.check == raw.get("check", failed.check), failed.reason
