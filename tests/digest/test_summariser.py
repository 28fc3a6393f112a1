"""The summariser in between: a tiny checkpoint made here, loaded and run by the real code."""

import json
import shutil

import pytest

from guildwatch.digest import Digester, Summariser
from guildwatch.digest.checking.check import Failure
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.digest.writing.summariser import checked_sentences, support
from guildwatch.language import ModelError, Priority
from guildwatch.model import Point
from guildwatch.report.wording import engine_line

LESSON = "Mara found that the editor encodes the save path as latin-1."
LIE = "Napoleon said that 77 saves are gone."


def line(number, name, text):
    return Line(number, 21, number, name, text, float(number), said=telling_stems(text), guild_id=1)


LINES = [
    line(1, "jonas", "my saves vanish when the map's name has an umlaut"),
    line(2, "Mara", "found it, the editor encodes the save path as latin-1"),
    line(3, "Tiff", "good morning"),
]


def test_a_sentence_is_laid_beside_the_messages_that_support_it_best():
    assert support(LESSON, LINES) == [2]
    assert support("jonas told of vanishing saves and Mara of latin-1.", LINES) == [1, 2]
    assert support("Nothing of that.", LINES) == []


def test_each_sentence_passes_the_same_gate_as_any_models():
    told, lie = checked_sentences(f"{LESSON} {LIE}", LINES)
    assert isinstance(told, Point)
    assert told.message_ids == (2,)
    assert isinstance(lie, Failure)
    assert checked_sentences("", LINES) == []
    assert checked_sentences("!!! ??? …", LINES) == [] or all(
        isinstance(each, Failure) for each in checked_sentences("!!! ??? …", LINES)
    )


async def digest(talk, context, summariser, model=None):
    return await Digester(model, cache=None, summariser=summariser).digest(
        talk.messages, context, priority=Priority.COMMAND
    )


async def test_a_folder_without_a_checkpoint_is_said_in_a_sentence_and_all_is_quoted(
    day, context, tmp_path
):
    result = await digest(day, context, Summariser(tmp_path / "none"))
    assert result.engine.name == "extractive"
    assert "There is no checkpoint in" in result.engine.fallback
    assert all(point.quoted for topic in result.topics for point in topic.points)


async def test_where_the_model_fails_too_both_are_said_in_one_sentence(
    day, context, models, tmp_path
):
    build, _, _ = models
    model = build(lambda _: ModelError("unreachable", "It does not answer."))
    folder = tmp_path / "none"
    result = await digest(day, context, Summariser(folder), model)
    said = result.engine.fallback
    assert said.startswith("The language model did not answer, and the summariser cannot be used")
    assert str(folder) in said
    assert said.endswith("so these are told in the messages' own words.")
    told = engine_line(result.engine, "de", why=True)
    assert told.startswith("Das Sprachmodell hat nicht geantwortet, und der Zusammenfasser ist")
    assert f"In {folder} ist kein Checkpoint" in told
    assert told.endswith("stehen hier die Worte der Nachrichten")


@pytest.fixture(scope="module")
def libraries():
    pytest.importorskip("torch", reason="the extra `transformers` is not installed")
    return pytest.importorskip("transformers", reason="the extra `transformers` is not installed")


@pytest.fixture(scope="module")
def checkpoint(libraries, tmp_path_factory):
    """A BART of a few thousand weights that has learnt by heart to write two sentences."""
    import torch  # noqa: PLC0415 - only where it is installed
    from tokenizers import (  # noqa: PLC0415
        Tokenizer,
        decoders,
        models,
        pre_tokenizers,
        processors,
        trainers,
    )

    torch.manual_seed(1)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([LESSON, LIE, *(one.text for one in LINES)] * 4, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    fast = libraries.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=96,
    )
    config = libraries.BartConfig(
        vocab_size=len(fast),
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=160,
        dropout=0.0,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_eos_token_id=None,
    )
    model = libraries.BartForConditionalGeneration(config)
    asked = fast("Mara: found it", return_tensors="pt")
    wanted = fast(f"{LESSON} {LIE}", return_tensors="pt")["input_ids"]
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(120):
        optimiser.zero_grad()
        model(input_ids=asked["input_ids"], labels=wanted).loss.backward()
        optimiser.step()
    folder = tmp_path_factory.mktemp("checkpoints") / "tiny-dialogue"
    model.eval().save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


pytestmark = pytest.mark.filterwarnings("ignore")  # torch and transformers warn of themselves


async def test_a_checkpoint_tells_what_its_sentences_bear_out_and_the_rest_is_quoted(
    day, context, checkpoint
):
    result = await digest(day, context, Summariser(checkpoint))
    written = [p for topic in result.topics for p in topic.points if not p.quoted]
    assert {point.text for point in written} == {LESSON}
    assert any(point.quoted for topic in result.topics for point in topic.points)
    assert (result.engine.name, result.engine.model) == ("mixed", "tiny-dialogue")
    assert result.engine.dropped_points > 0
    assert result.engine.calls > 0
    told = {message.id: message.text for message in day.messages}
    assert all("latin-1" in told[id_] for point in written for id_ in point.message_ids[:1])


async def test_it_stands_in_where_the_language_model_fails(day, context, checkpoint, models):
    build, _, _ = models
    model = build(lambda _: ModelError("unreachable", "It does not answer."))
    result = await digest(day, context, Summariser(checkpoint), model)
    assert LESSON in {point.text for topic in result.topics for point in topic.points}
    assert result.engine.fallback.startswith("The language model did not answer")


async def test_a_long_conversation_is_cut_at_quiet_places_and_every_part_is_read(
    talk, context, checkpoint
):
    things = (
        "umlaut",
        "folder",
        "build",
        "driver",
        "patch",
        "texture",
        "server",
        "cable",
        "key",
        "map",
    )
    for number in range(30):
        one, other = things[number % 10], things[(number * 3 + 1) % 10]
        talk.say(
            11 + number % 2,
            f"the {one} breaks since the {other} was moved, step {number} of the save editor fails",
            wait=20,
        )
    result = await digest(talk, context, Summariser(checkpoint))
    assert result.engine.calls > 4
    assert result.engine.prompt_tokens <= 96 * result.engine.calls


@pytest.mark.parametrize("harm", ["weights", "config", "tokenizer", "pickle"])
async def test_a_broken_checkpoint_is_said_in_a_sentence_and_all_is_quoted(
    day, context, checkpoint, tmp_path, harm
):
    folder = shutil.copytree(checkpoint, tmp_path / "broken")
    if harm == "weights":
        (folder / "model.safetensors").write_bytes(b"no weights at all")
    if harm == "config":
        (folder / "config.json").write_text("{")
    if harm == "tokenizer":
        (folder / "tokenizer.json").write_text(json.dumps({"version": "9"}))
    if harm == "pickle":
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    result = await digest(day, context, Summariser(folder))
    assert result.engine.name == "extractive"
    assert "cannot be used" in result.engine.fallback
    assert result.topics
