"""What a model server says of its failure is told without what must not be repeated."""

import pytest
from ollama import ResponseError

from guildwatch.language.errors import ModelError
from guildwatch.language.trouble import Trouble

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.mark.parametrize("status", [-1, 400, 500])
def test_a_bots_token_in_a_servers_words_is_not_told(status: int) -> None:
    with pytest.raises(ModelError) as told, Trouble("gemma", "http://127.0.0.1").translated():
        raise ResponseError(f"no room for\n{TOKEN} \x1b[2J" + "x" * 100_000, status)
    assert "no room for [hidden] [2Jxxx" in str(told.value)
    assert TOKEN[-10:] not in str(told.value)
    assert len(str(told.value)) < 400
