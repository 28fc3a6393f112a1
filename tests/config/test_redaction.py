"""No text that passes the redactor opens anything."""

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.config import Redactor, is_token, variables

TOKEN = "MTA1Mjk0NTU2ODcyNTIwNTA3.GxKx4t.mXgkP0y_Zb1Uo3Jc-w2VtF5sHqLd8RnAeE7IiY"
OPAQUE = "s3cret-of-another-form.with~signs%and/slashes"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

part = st.text(ALPHABET, min_size=24, max_size=28)
tokens = st.builds(
    "{}.{}.{}".format,
    part,
    st.text(ALPHABET, min_size=6, max_size=6),
    part.map(lambda a: a + "mnop"),
)


def ways(token: str) -> list[str]:
    return [
        token,
        repr(token.encode()),
        json.dumps({"token": token}),
        quote(token, safe=""),
        f"Authorization: Bot {token}",
        f"wss://gateway.example/?v=10&token={token}&x=1",
        "\n".join([token[:20], token[20:41], token[41:]]),
        f"'{token[:30]}'\n             '{token[30:]}'",
        token.replace(".", " . "),
        base64.b64encode(token.encode()).decode(),
        f"b'{token[:11]}' b'{token[11:]}'",
    ]


@pytest.mark.parametrize("secret", [TOKEN, OPAQUE])
@pytest.mark.parametrize("way", range(len(ways(TOKEN))))
def test_a_known_token_is_hidden_however_it_is_written(secret: str, way: int) -> None:
    told = Redactor(secret)(f"before {ways(secret)[way]} after")
    assert told.startswith("before ")
    assert told.endswith(" after")
    for piece in [*secret.split("."), secret[-12:], base64.b64encode(secret.encode()).decode()[8:]]:
        assert piece not in told


@given(tokens, st.text(max_size=20), st.text(max_size=20))
def test_an_unknown_token_is_hidden_by_its_form(token: str, before: str, after: str) -> None:
    assert is_token(token)
    assert token not in Redactor()(f"{before} {token} {after}")


@pytest.mark.parametrize(
    "text",
    [
        "POST https://discord.com/api/v10/interactions/1164/k8Hf-_ddsoifhdsofih/callback failed",
        "https://discord.com/api/v10/webhooks/1164/k8Hf-_ddsoifhdsofih/messages/@original",
        "https://discord.com/api/webhooks/1164/k8Hf-_ddsoifhdsofih",
        "{'type': 2, 'token': 'k8Hf-_ddsoifhdsofih', 'data': {}}",
        '"token": "k8Hf-_ddsoifhdsofih"',
        "Authorization: Bearer k8Hf-_ddsoifhdsofih",
    ],
)
def test_what_answers_an_interaction_or_posts_by_a_webhook_is_hidden(text: str) -> None:
    told = Redactor()(text)
    assert "k8Hf" not in told
    assert "[hidden]" in told


@pytest.mark.parametrize(
    "text",
    [
        "discord.token = (hidden) (from config.toml) cannot be used",
        "Ollama at http://127.0.0.1:11434 does not answer. Start it with: ollama serve.",
        "2026-11-20 12:00:00,123 WARNING guildwatch.discord: version 2.6.0.dev1 of the thing",
        "GET https://discord.com/api/v10/channels/1428502767206400031/messages/1573619163463680305",
        "Bot Kuma (general) posted 3 messages, token budget 8192",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert Redactor(TOKEN)(text) == text


@given(st.text())
def test_nothing_else_is_taken_for_a_secret_that_is_not_there(text: str) -> None:
    assert Redactor("")(text) == Redactor()(text)


def test_the_console_knows_that_the_token_is_set_but_not_the_token() -> None:
    """A crash of the console prints the values of its variables, those of the environment too."""
    environ = {"GUILDWATCH_DISCORD__TOKEN": TOKEN, "GUILDWATCH_REPORT__ZONE": "UTC", "PATH": "/bin"}
    assert variables(environ) == {
        "GUILDWATCH_DISCORD__TOKEN": "set",
        "GUILDWATCH_REPORT__ZONE": "UTC",
    }
