"""Of many sentences written by hand, nearly all true ones pass the check and no false one does."""

import pytest

from guildwatch.digest.checking.check import Failure, check_point
from support.told_chats import told

ALL = list(told())
LEAST_KEPT = 0.95


def name(one):
    return f"{one.chat} {','.join(map(str, one.refs))}: {one.text}"


def passes(one):
    return not isinstance(check_point(one.raw, one.shown), Failure)


def test_the_set_has_hundreds_of_sentences_about_many_chats():
    assert sum(one.is_true for one in ALL) >= 170
    assert sum(not one.is_true for one in ALL) >= 150
    assert len({one.chat for one in ALL}) >= 14


def test_nearly_all_true_sentences_are_kept():
    true = [one for one in ALL if one.is_true]
    lost = [name(one) for one in true if not passes(one)]
    assert len(lost) <= (1 - LEAST_KEPT) * len(true), lost


@pytest.mark.parametrize("one", [one for one in ALL if not one.is_true], ids=name)
def test_no_false_sentence_is(one):
    assert not passes(one)
