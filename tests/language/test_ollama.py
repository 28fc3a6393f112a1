"""What the door to Ollama asks for, and how it tells of a server's failures."""

import asyncio

import pytest

from guildwatch.language import ModelError, Ollama, Priority, Prompt, Timeouts
from guildwatch.language.bounded import MOST_BYTES
from guildwatch.model import GuildwatchError

SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string", "maxLength": 20}},
    "required": ["title"],
}


def prompt(content="jonas: the save bug again, any idea?", schema=SCHEMA, max_tokens=200):
    return Prompt("Give a title.", content, schema, max_tokens)


async def ask(model, **changes):
    return await model.complete(prompt(**changes), priority=Priority.COMMAND)


async def failure(model, **changes) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await ask(model, **changes)
    return caught.value


async def test_an_answer_comes_back_parsed_with_its_counts(server, open_model):
    seen = []
    done = await open_model().complete(prompt(), priority=Priority.COMMAND, on_text=seen.append)
    assert done.data == {"title": "hello"}
    assert seen == ['{"title": ', '{"title": "hello"}']
    assert done.prompt_tokens > 0
    assert done.completion_tokens == 2


async def test_every_call_fixes_the_window_and_bounds_the_answer(server, open_model):
    model = open_model()
    await ask(model)
    await ask(model, content="something else entirely", max_tokens=50)
    for request, bound in zip(server.requests, (200, 50), strict=True):
        assert request["options"]["num_ctx"] == 8192
        assert request["options"]["num_predict"] == bound
        assert request["options"]["repeat_penalty"] == 1.15
        assert request["format"] == SCHEMA
        assert request["stream"] is True
        assert request["think"] is False
        assert request["keep_alive"] == "30m"


async def test_a_keep_alive_without_unit_is_sent_as_seconds(server, open_model):
    await ask(open_model(keep_alive="600"))
    assert server.requests[0]["keep_alive"] == 600


async def test_a_model_made_for_less_gets_its_own_window_from_the_first_call_on(server, open_model):
    server.trained_context = 2048
    model = open_model()
    await ask(model)
    await ask(model)
    assert {request["options"]["num_ctx"] for request in server.requests} == {2048}
    assert model.context == 2048


async def test_a_server_that_is_down_is_named_with_its_remedy():
    async with Ollama("127.0.0.1:9", "gemma3:27b", 4096, "5m") as model:
        error = await failure(model)
    assert error.kind == "unreachable"
    assert str(error) == (
        "Ollama at http://127.0.0.1:9 does not answer. Start it with: ollama serve. "
        "Until then reports are extractive."
    )


async def test_a_missing_model_is_named_with_the_command_that_fetches_it(server, open_model):
    server.names = ["llama3:8b"]
    model = open_model()
    with pytest.raises(ModelError) as checked:
        await model.check()
    error = await failure(model)
    assert error.kind == checked.value.kind == "missing"
    assert str(error).endswith("Fetch it with: ollama pull gemma3:27b")


async def test_a_model_named_without_a_tag_means_its_latest(server, open_model):
    server.names = ["mistral:latest"]
    await open_model(model="mistral").check()
    assert await open_model().models() == ("mistral:latest",)


async def test_a_stream_that_ends_without_saying_so_is_cut(server, open_model):
    server.done = False
    assert (await failure(open_model())).kind == "cut"


async def test_an_answer_that_ran_into_its_bound_is_cut(server, open_model):
    server.done_reason = "length"
    assert (await failure(open_model())).kind == "cut"


async def test_a_dropped_connection_is_cut(server, open_model):
    server.drop_after = 1
    assert (await failure(open_model())).kind == "cut"


async def test_an_error_in_the_middle_of_the_stream_is_told(server, open_model):
    server.error_midway = "CUDA error: out of memory"
    error = await failure(open_model())
    assert error.kind == "cut"
    assert "out of memory" in str(error)


async def test_an_error_of_the_server_is_told_in_its_words(server, open_model):
    server.status, server.error = 500, "llama runner process has terminated"
    error = await failure(open_model())
    assert error.kind == "refused"
    assert "runner process has terminated" in str(error)


async def test_the_servers_words_command_no_terminal_and_its_counts_are_no_debts(
    server, open_model
):
    server.prompt_tokens = -5
    assert (await ask(open_model())).prompt_tokens == 0
    server.status, server.error = 500, "it\x1b[31m died\x07\u202e"
    assert "it[31m died)" in str(await failure(open_model()))


async def test_a_line_that_never_ends_is_cut_before_it_fills_the_memory(server, open_model):
    server.raw_line = b"x" * (MOST_BYTES + 1)
    assert (await failure(open_model())).kind == "cut"


@pytest.mark.parametrize(
    "pieces",
    [["Sure! Here it is"], ['{"title": '], ['{"titel": "x"}'], ['{"title": 5}'], ["[" * 9999]],
)
async def test_an_answer_in_another_shape_is_garbled(server, open_model, pieces):
    server.pieces = pieces
    assert (await failure(open_model())).kind == "garbled"


@pytest.mark.parametrize("after", ["", "\n```", " I hope {this} helps!"])
async def test_chatter_around_the_json_is_forgiven(server, open_model, after):
    server.pieces = ['Sure!\n```json\n{"title": "x"}' + after]
    assert (await ask(open_model())).data == {"title": "x"}


@pytest.mark.parametrize("line", [b"<html>", b"[1, 2]", b'{"message": 7}', b'"x"'])
async def test_something_that_is_no_ollama_is_said_to_be_none(server, open_model, line):
    server.raw_line = line
    error = await failure(open_model())
    assert error.kind == "garbled"
    assert "does not speak as Ollama does" in str(error)


@pytest.mark.parametrize("hang_before", [0, 1])
async def test_a_silent_server_is_given_up_on(server, open_model, hang_before):
    server.hang_before = hang_before
    model = open_model(timeouts=Timeouts(first_token=0.5, between_tokens=0.5))
    error = await failure(model)
    assert error.kind == "timeout"
    await asyncio.wait_for(server.disconnected.wait(), 60)


async def test_a_call_that_drips_on_for_ever_is_given_up_on(server, open_model):
    server.hang_before = 1
    model = open_model(timeouts=Timeouts(first_token=5, between_tokens=5, whole=0.05))
    assert (await failure(model)).kind == "timeout"


async def test_cancelling_closes_the_stream_and_frees_the_model(server, open_model):
    server.hang_before = 1
    model = open_model()
    call = asyncio.create_task(ask(model))
    await server.arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.wait_for(server.disconnected.wait(), 60)
    server.hang_before = None
    assert (await ask(model)).data == {"title": "hello"}


async def test_a_prompt_that_cannot_fit_is_not_sent(server, open_model):
    error = await failure(open_model(context=1000), content="word " * 2000)
    assert error.kind == "truncated"
    assert server.requests == []


@pytest.mark.parametrize("counted", [8191, 8192 - (8192 - 5) // 2, 700])
async def test_a_prompt_that_the_server_read_only_a_part_of_is_a_failure(
    server, open_model, counted
):
    server.prompt_tokens = counted
    error = await failure(open_model(), content="the umlaut bug " * 1600)
    assert error.kind == "truncated"


async def test_a_server_that_counts_nothing_is_believed(server, open_model):
    server.prompt_tokens = 0
    assert (await ask(open_model(), content="the umlaut bug " * 1000)).data


async def test_the_estimate_follows_the_servers_counts(server, open_model):
    model = open_model()
    text = "the umlaut bug " * 400
    server.prompt_tokens = 2600
    await ask(model, content=text)
    assert model.fits("Give a title." + text) >= 2600


async def test_calls_come_one_at_a_time_and_the_waiting_person_first(server, open_model):
    server.hang_before = 0
    model = open_model()
    order = []

    async def call(priority):
        await model.complete(prompt(content=priority.name), priority=priority)
        order.append(priority)

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(call(Priority.SCHEDULED))
        await server.arrived.wait()
        for priority in (Priority.BACKGROUND, Priority.SCHEDULED, Priority.COMMAND):
            group.create_task(call(priority))
        await asyncio.sleep(0)
        server.hang_before = None
        server.release.set()
    assert order == [
        Priority.SCHEDULED,
        Priority.COMMAND,
        Priority.SCHEDULED,
        Priority.BACKGROUND,
    ]
    assert server.most_running == 1


@pytest.mark.parametrize("host", ["8.8.8.8", "https://8.8.8.8/v1", "[2001:4860:4860::8888]:11434"])
async def test_an_address_on_the_internet_is_refused(host):
    async with Ollama(host, "gemma3:27b", 4096, "5m") as model:
        error = await failure(model)
    assert error.kind == "refused"
    assert "on the internet" in str(error)


async def test_neither_a_proxy_nor_a_redirect_carries_messages_elsewhere(
    server, open_model, monkeypatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert (await ask(open_model())).data == {"title": "hello"}
    server.redirect = True
    assert (await failure(open_model())).kind == "refused"


class Measures:
    """Keeps measures in memory, or fails as a full disk does."""

    def __init__(self, fails: bool = False) -> None:
        self.kept: dict[str, float] = {}
        self.saves = 0
        self.fails = fails

    async def load(self, model: str) -> float | None:
        if self.fails:
            raise GuildwatchError("The disk is full. Make room.")
        return self.kept.get(model)

    async def save(self, model: str, characters_per_token: float) -> None:
        if self.fails:
            raise GuildwatchError("The disk is full. Make room.")
        self.kept[model] = characters_per_token
        self.saves += 1


async def test_what_a_server_counted_is_known_again_after_a_restart(server, open_model):
    measures = Measures()
    text = "jonas: the save bug again, any idea? " * 20
    server.prompt_tokens = 400
    async with open_model(measured=measures) as first:
        await ask(first, content=text)
    async with open_model(measured=measures) as second, open_model() as other:
        assert second.fits(text) == first.fits(text) > other.fits(text)
    async with open_model(measured=measures, model="tiny") as tiny:
        assert tiny.fits(text) == other.fits(text)


async def test_a_measure_is_kept_only_when_it_changed(server, open_model):
    measures = Measures()
    async with open_model(measured=measures) as model:
        for _ in range(30):
            await ask(model, content="jonas: the save bug again, any idea? " * 20)
    assert 1 <= measures.saves < 15


async def test_a_prompt_that_proved_too_long_is_remembered_though_it_failed(server, open_model):
    measures = Measures()
    server.prompt_tokens = 8192
    async with open_model(measured=measures) as model:
        before = model.fits("x" * 400)
        assert (await failure(model, content="the save bug " * 300)).kind == "truncated"
    async with open_model(measured=measures) as again:
        assert again.fits("x" * 400) > before


async def test_an_answer_is_not_lost_because_its_measure_could_not_be_kept(server, open_model):
    async with open_model(measured=Measures(fails=True)) as model:
        done = await ask(model, content="jonas: the save bug again, any idea? " * 20)
    assert done.data == {"title": "hello"}


async def test_a_background_call_in_flight_makes_room(server, open_model):
    server.hang_before = 1
    model = open_model()
    calm = asyncio.create_task(model.complete(prompt(), priority=Priority.BACKGROUND))
    await server.arrived.wait()
    server.hang_before = None
    async with asyncio.timeout(60):
        assert (await model.complete(prompt(), priority=Priority.COMMAND)).text
    await asyncio.wait_for(server.disconnected.wait(), 60)
    with pytest.raises(ModelError) as caught:
        await calm
    assert caught.value.kind == "preempted"


async def test_once_something_was_sent_the_window_stays(server, open_model):
    server.names, server.trained_context = ["gemma3:27b"], 2048
    model = open_model()
    server.show_fails = True
    await model.complete(prompt(), priority=Priority.COMMAND)
    server.show_fails = False
    await model.check()
    await model.complete(prompt(), priority=Priority.COMMAND)
    assert {each["options"]["num_ctx"] for each in server.requests} == {8192}


async def test_a_count_that_leaves_out_what_was_read_before_is_no_truncation(server, open_model):
    model = open_model()
    text = "the umlaut bug " * 400
    server.prompt_tokens = 1650
    await ask(model, content=text)
    before = model.fits(text)
    server.prompt_tokens = 12
    assert (await ask(model, content=text + " and more")).data
    assert model.fits(text) == before


async def test_a_failed_call_says_what_the_server_had_to_read(server, open_model):
    server.prompt_tokens = 8191
    assert (await failure(open_model(), content="the umlaut bug " * 1600)).prompt_tokens == 8191
    unsent = await failure(open_model(context=1000), content="word " * 2000)
    assert unsent.prompt_tokens == 0
