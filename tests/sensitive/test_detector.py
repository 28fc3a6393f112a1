"""What should not be repeated is found, in whatever dress; ordinary talk is left alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.sensitive import MARKS, Kind, OwnToken, find, holds, masked
from support.pasted import LOOKALIKES, positives

CHANCE = random.Random(20261121)
POSITIVES = list(positives(CHANCE))
GITHUB = "ghp_" + "aB3x" * 9
OWN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"


def test_nearly_everything_made_up_is_found_and_leaves_no_trace_of_itself():
    missed = [
        message
        for kind, message, secret in POSITIVES
        if secret in masked(message)
        or not any(one.kind is kind or one.kind.gives_access for one in find(message))
    ]
    assert len(POSITIVES) >= 120
    assert len(missed) <= len(POSITIVES) // 50, missed


@pytest.mark.parametrize("text", LOOKALIKES)
def test_what_only_looks_like_it_is_left_as_it_is(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("my password is hunter2, ok?", "my password is [secret-removed], ok?"),
        ("mein Passwort ist Sommer24!", "mein Passwort ist [secret-removed]"),
        (f"look: {GITHUB}.", "look: [secret-removed]."),
        ("mail jane.doe@example.com now", "mail [email-removed] now"),
        ("ssh me@a.example.org\nbob@b.example.org", "ssh me@a.example.org\n[email-removed]"),
        ("jo@a.example.org:hunter2!", "[email-removed]:[secret-removed]"),
        ("creds are admin:hunter2!", "creds are admin:[secret-removed]"),
        ("card 4111 1111 1111 1111 thanks", "card [card-removed] thanks"),
        ("IBAN DE89370400440532013000", "IBAN [account-removed]"),
        ("+49 151 12345678 is mine", "[phone-removed] is mine"),
        ("see [this](https://a.org/x?token=8fj38fj3jf83jf83abc)", "see [this]([secret-removed])"),
        ("https://bob:hunter2@a.org/x, look", "[secret-removed], look"),
        ("the password is swordfish, friend", "the password is [secret-removed], friend"),
        (
            "root password for the box was Pineapple.",
            "root password for the box was [secret-removed].",
        ),
        (
            "the password is swordfish (since today)",
            "the password is [secret-removed] (since today)",
        ),
        ("I changed the password to tangerine", "I changed the password to [secret-removed]"),
        ("export DB_PASS=kq7#vo2m", "export DB_PASS=[secret-removed]"),
        ("**password:** `kq7#vo2m`", "**password:** `[secret-removed]`"),
        ("<password>kq7#vo2m</password>", "<password>[secret-removed]</password>"),
        ("define('DB_PASSWORD', 'kq7#vo2m');", "define('DB_PASSWORD', '[secret-removed]');"),
        ("пароль: kq7#vo2m", "пароль: [secret-removed]"),
        ("パスワード：kq7#vo2m", "パスワード：[secret-removed]"),
        ("PASSWORD IS KQ7VO2MX", "PASSWORD IS [secret-removed]"),
        ("Set-Cookie: auth=kq7vo2mXw9Lz04", "Set-Cookie: auth=[secret-removed]"),
        ("kim:$apr1$abcdefgh$aAO4xDE9yTxV6Q3VWVOS7j", "kim:[secret-removed]"),
    ],
)
def test_only_what_should_go_goes(text, left):
    assert masked(text) == left


@pytest.mark.parametrize(
    "word",
    [
        "wrong",
        "expired",
        "required",
        "hashed",
        "blank",
        "random",
        "weak",
        "long",
        "stored",
        "optional",
        "visible",
        "case-sensitive",
        "correct",
        "gibberish",
        "something",
        "whatever",
        "unknown",
        "ignored",
        "literally",
    ],
)
@pytest.mark.parametrize(
    "sentence", ["the password is {}", "password for the vault was {}.", "My password is {}, sadly"]
)
def test_what_is_said_of_a_password_is_none(sentence, word):
    text = sentence.format(word)
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        'fields = ["username", "password", "remember"]',
        "postgres://user:<password>@host/db",
        "use <password> there, then reboot2",
        "what password is swordfish?",
        "test_pass: 214",
    ],
)
def test_a_field_of_that_name_is_no_password(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    "dress",
    [
        "\u200b".join,
        lambda text: text.replace("_", "\\_"),
        lambda text: f"||{text}||",
        lambda text: f"```py\nx = '{text}'\n```",
        lambda text: f"`{text}`",
        lambda text: text.replace("a", "а"),  # a Cyrillic one
        lambda text: "".join(chr(ord(sign) + 0xFEE0) for sign in text),  # full width
        lambda text: text[:20] + "**" + text[20:24] + "**" + text[24:],
        lambda text: text[:20] + "\u202e\u2066" + text[20:],
        lambda text: "e\u0301" + " " + text + "\u0301",
    ],
)
def test_a_disguise_does_not_help(dress):
    shown = masked(f"here: {dress(GITHUB)} !")
    assert "[secret-removed]" in shown
    assert "B3x" not in shown
    assert "Ｂ" not in shown


def test_a_finding_says_whose_it_is():
    (found,) = find(f"key {GITHUB}")
    assert (found.kind, found.issuer) == (Kind.SECRET, "GitHub")


def test_marks_are_left_alone():
    for mark in MARKS.values():
        assert masked(f"password: {mark} and {mark}") == f"password: {mark} and {mark}"


def test_ids_in_markup_and_links_are_no_numbers_of_people():
    card = "4111111111111111"
    for text in (
        f"<@{card}>",
        f"<#{card}> <:smile:{card}> <t:{card}:R>",
        f"https://discord.com/channels/{card}/{card}",
    ):
        assert not holds(text)


@given(st.text(max_size=300), st.sampled_from(POSITIVES), st.text(max_size=300))
def test_what_was_masked_holds_nothing_any_more(before, positive, after):
    text = masked(f"{before} {positive[1]} {after}")
    assert masked(text) == text


@given(st.text())
def test_stretches_are_in_order_and_within_the_text(text):
    end = 0
    for found in find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


def test_our_own_token_is_known_in_any_dress_and_by_its_last_part():
    own = OwnToken(OWN)
    for text in (OWN, f"x{OWN}y", "\u200b".join(OWN), OWN.replace("_", "\\_"), OWN[-38:]):
        assert "wxyz0123" not in own.removed(text).replace("\u200b", "")
    assert own.removed("MTIzNDU2Nzg5MDEyMzQ1Njc4") == "MTIzNDU2Nzg5MDEyMzQ1Njc4"
    assert OWN not in repr(own)
    assert OwnToken(OWN + "x").fingerprint != own.fingerprint
