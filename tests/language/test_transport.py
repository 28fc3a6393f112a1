"""What is connected to is what was looked at, whatever the names say meanwhile."""

import socket
from collections.abc import Callable, Iterator

import pytest

from guildwatch.language import ModelError, Prompt
from guildwatch.language.model import Priority

ALONE = Prompt("Say hello.", "hello", schema=None, max_tokens=50)


@pytest.fixture
def named(monkeypatch) -> Callable[[list[list[str]]], list[str]]:
    """Has the name gpu.test lead to other addresses at each look, the last ones from then on."""

    def lead(answers: list[list[str]]) -> list[str]:
        real = socket.getaddrinfo
        looks: Iterator[list[str]] = iter(answers[:-1])
        asked: list[str] = []

        def look_up(host, port, *rest, **more):
            if host != "gpu.test":
                return real(host, port, *rest, **more)
            asked.append(host)
            found = next(looks, answers[-1])
            return [entry for ip in found for entry in real(ip, port, type=socket.SOCK_STREAM)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return lead


def at_name(server) -> str:
    return server.url.replace("127.0.0.1", "gpu.test")


async def test_of_a_names_addresses_the_one_that_is_served_is_taken(server, open_model, named):
    named([["::1", "127.0.0.1"]])
    model = open_model(host=at_name(server))
    await model.check()
    answer = await model.complete(ALONE, priority=Priority.COMMAND)
    assert answer.text == '{"title": "hello"}'


async def test_a_name_that_leads_to_the_internet_is_refused(server, open_model, named):
    named([["127.0.0.1", "8.8.8.8"]])
    with pytest.raises(ModelError, match="on the internet"):
        await open_model(host=at_name(server)).check()


async def test_a_name_that_leads_elsewhere_once_it_was_looked_at_is_refused(
    server, open_model, named
):
    asked = named([["127.0.0.1"], ["8.8.8.8"]])
    with pytest.raises(ModelError, match="on the internet"):
        await open_model(host=at_name(server)).check()
    assert len(asked) == 2  # ours, and the one whose answer would have been connected to


async def test_each_connection_is_looked_at_anew(server, open_model, named):
    model = open_model(host=at_name(server))
    named([["127.0.0.1"]] * 2 + [["127.0.0.1"], ["8.8.4.4"]])
    assert await model.models() == ("gemma3:27b",)
    with pytest.raises(ModelError, match="on the internet"):
        await model.models()
    assert server.requests == []
