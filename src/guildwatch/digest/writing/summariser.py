"""The engine between Ollama and quotations: a local encoder-decoder trained to sum up dialogues.

Everything that it writes is a claim like any model's: each sentence is laid beside the messages
that support it best, and goes through the same gate.
"""

import asyncio
import logging
import os
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guildwatch.digest.checking.check import Failure, check_point
from guildwatch.digest.merging.merge import MOST_POINTS, fuse_points
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.digest.transcript.words import stem, telling_stems, words
from guildwatch.digest.writing.drafts import Account
from guildwatch.digest.writing.pack import points_for, split
from guildwatch.model import GuildwatchError, Point

_log = logging.getLogger(__name__)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_MOST_REFS = 4
_LONGEST_WINDOW = 1024  # tokens, where a checkpoint names no limit of its own
_KEPT_FREE = 8  # tokens for what the tokenizer puts around a text
_BEAMS = 4
_SHORTEST, _LONGEST = 24, 142  # tokens of a summary; BART's own bound for news is 142


class SummariserError(GuildwatchError):
    """The checkpoint cannot be used; the sentence says why and what to do."""


@dataclass(slots=True)
class Summaries:
    """What the summariser made of a digest's conversations, by their place, and what it took."""

    accounts: dict[int, Account] = field(default_factory=dict)
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    text: str
    prompt_tokens: int
    completion_tokens: int


class Summariser:
    """Sums up conversations with the checkpoint in a folder, in the format of Hugging Face.

    The folder needs a configuration, a tokenizer and weights as safetensors; code in it is not
    run, and nothing is ever fetched. It is loaded by the first conversation (importing the
    libraries alone takes 4 s and 328 MB), in a thread like everything that it does.
    """

    def __init__(self, folder: Path) -> None:
        self._checkpoint = _Checkpoint(folder)

    @property
    def name(self) -> str:
        """What the checkpoint is called: its folder's name."""
        return self._checkpoint.folder.name

    async def tell(self, place: int, conversation: Conversation, found: Summaries) -> None:
        """Add the account of one conversation, if anything that was written of it holds.

        Raises SummariserError when the checkpoint cannot be used at all.
        """
        lines = conversation.lines
        units = await asyncio.to_thread(self._checkpoint.parts, place, lines)
        points: list[Point] = []
        for part in units:
            written = await asyncio.to_thread(self._checkpoint.summarise, part)
            found.calls += 1
            found.prompt_tokens += written.prompt_tokens
            found.completion_tokens += written.completion_tokens
            checked = await asyncio.to_thread(checked_sentences, written.text, part)
            points += [each for each in checked if isinstance(each, Point)]
            found.dropped.update(each.check for each in checked if isinstance(each, Failure))
        most = MOST_POINTS if len(units) > 1 else points_for(len(lines))
        if kept := fuse_points(points)[:most]:
            found.accounts[place] = Account("", kept)


def checked_sentences(text: str, lines: Sequence[Line]) -> list[Point | Failure]:
    """Each sentence of a summary as a point with its receipts, or why it is none."""
    shown = dict(enumerate(lines, 1))
    sentences = [each.strip() for each in _SENTENCE_END.split(text) if each.strip()]
    return [
        check_point({"text": each, "kind": "fact", "refs": support(each, lines)}, shown)
        for each in sentences
    ]


def support(sentence: str, lines: Sequence[Line]) -> list[int]:
    """The numbers, from 1, of up to four lines that a sentence's words are most found in.

    One after the other, each that adds most; of equals the earlier one.
    """
    open_ = set(telling_stems(sentence)) | {
        stem(word) for word in words(sentence) if word[:1].isdigit()
    }
    said = [
        set(line.said) | {stem(word) for word in words(f"{line.name} {line.text}")}
        for line in lines
    ]
    chosen: list[int] = []
    while open_ and len(chosen) < _MOST_REFS:
        best = max(range(len(lines)), key=lambda at: len(open_ & said[at]), default=None)
        if best is None or not open_ & said[best]:
            break
        chosen.append(best + 1)
        open_ -= said[best]
    return sorted(chosen)


class _Checkpoint:
    """The loaded model and its tokenizer; all methods are for threads, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._turn = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def parts(self, place: int, lines: Sequence[Line]) -> list[Sequence[Line]]:
        """The lines as one part, or cut at quiet places into parts that the encoder can read."""
        with self._turn:
            tokenizer, model = self._load()
            room = _window(tokenizer, model) - _KEPT_FREE

            def measure(text: str) -> int:
                return len(tokenizer(text, add_special_tokens=False)["input_ids"])

            return [unit.lines for unit in split(place, lines, room, measure)]

    def summarise(self, lines: Sequence[Line]) -> _Written:
        """The summary of lines that fit."""
        with self._turn:
            tokenizer, model = self._load()
            text = _prefix(model) + "\n".join(f"{line.name}: {line.text}" for line in lines)
            # What is cut here is the end of a single message that alone is too long.
            read = tokenizer(
                text, return_tensors="pt", truncation=True, max_length=_window(tokenizer, model)
            )
            asked = int(read["input_ids"].shape[-1])
            try:
                made = model.generate(
                    input_ids=read["input_ids"],
                    attention_mask=read["attention_mask"],
                    max_new_tokens=max(_SHORTEST, min(_LONGEST, asked // 2)),
                    num_beams=_BEAMS,
                    do_sample=False,
                    no_repeat_ngram_size=3,
                    early_stopping=True,
                )[0]
            except (RuntimeError, ValueError, IndexError) as error:
                raise _unusable(self.folder, error) from error
            return _Written(
                tokenizer.decode(made, skip_special_tokens=True), asked, int(made.shape[-1])
            )

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            self._loaded = _loaded(self.folder)
        return self._loaded


def _loaded(folder: Path) -> tuple[Any, Any]:
    if not (folder / "config.json").is_file():
        raise SummariserError(
            f"There is no checkpoint in {folder}: name a folder with a config.json, a tokenizer "
            "and a model.safetensors as report.checkpoint, or leave it empty."
        )
    # Read when the libraries are imported; they would ask the network about a folder's name too.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    try:
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer  # noqa: PLC0415 - 4 s
        from transformers.utils import logging as said  # noqa: PLC0415
    except ImportError as error:
        raise SummariserError(
            "A checkpoint is named as report.checkpoint, but the libraries that run it are not "
            "installed. Run: pip install 'guildwatch[transformers]'"
        ) from error
    said.disable_progress_bar()  # it would write into the screen
    said.set_verbosity_error()
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **local)
        model = AutoModelForSeq2SeqLM.from_pretrained(str(folder), use_safetensors=True, **local)
    except Exception as error:  # a broken file raises whatever its reader raises
        raise _unusable(folder, error) from error
    return tokenizer, model.eval()


def _unusable(folder: Path, error: Exception) -> SummariserError:
    reason = str(error).strip().partition("\n")[0][:200] or type(error).__name__
    return SummariserError(
        f"The checkpoint in {folder} cannot be used ({reason}). Name another one as "
        "report.checkpoint, or leave it empty."
    )


def _window(tokenizer: Any, model: Any) -> int:
    """How many tokens the encoder reads at most; some tokenizers and models do not say."""
    config = model.config
    limits = [
        limit
        for limit in (
            getattr(tokenizer, "model_max_length", None),
            getattr(config, "max_position_embeddings", None),
            getattr(config, "n_positions", None),
        )
        if isinstance(limit, int) and limit > 0
    ]
    return min([_LONGEST_WINDOW, *limits])


def _prefix(model: Any) -> str:
    """What a checkpoint wants to read before the text; T5's was trained with "summarize: "."""
    tasks = getattr(model.config, "task_specific_params", None) or {}
    return str(tasks.get("summarization", {}).get("prefix", ""))
