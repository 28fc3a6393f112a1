"""Measurements on data sets: the engines that stand side by side, and what is in the store."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from guildwatch.config import Config, Paths
from guildwatch.digest import Digester, Prompts
from guildwatch.digest import Summariser as Checkpoint
from guildwatch.eval.digests import DigestFigures, TopicPrediction, measure_digests
from guildwatch.eval.engines import DigestSummariser, ExtractiveSummariser, Summariser
from guildwatch.eval.errors import EvalError
from guildwatch.eval.exports import exported
from guildwatch.eval.feedback import criticised, data_set
from guildwatch.eval.files import write_lines
from guildwatch.eval.summaries import SummaryFigures, SummaryPrediction, measure_summaries
from guildwatch.runtime.assembly import language_model, summariser
from guildwatch.runtime.named import named_guild
from guildwatch.store import Store

OnItem = Callable[[str, int, int], None]
EXTRACTIVE, TRANSFORMERS = "extractive", "transformers"
_NO_CHECKPOINT = (
    "No checkpoint for transformers is there: name its folder as report.checkpoint in the "
    "configuration."
)
_NO_LIBRARIES = (
    "The libraries for transformers are not installed. Install them with: "
    "pip install 'guildwatch[transformers]'"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which engines to measure: by name, Ollama's models, and folders of prompts beside ours."""

    engines: Sequence[str]
    models: Sequence[str] = ()
    prompts: Sequence[Path] = ()


async def evaluate_summaries(
    paths: Paths, config: Config, file: Path, wanted: Wanted, *, words: int, on_item: OnItem
) -> tuple[list[SummaryFigures], list[SummaryPrediction]]:
    """Each engine's summaries of a data set. Raises ModelError where a model is not there."""
    async with _digesters(paths, config, wanted) as digesters:
        engines: list[Summariser] = [
            ExtractiveSummariser() if name == EXTRACTIVE else DigestSummariser(name, digester)
            for name, digester in digesters.items()
        ]
        return await measure_summaries(file, engines, words=words, on_item=on_item)


async def evaluate_digests(
    paths: Paths, config: Config, folder: Path, wanted: Wanted, on_item: OnItem
) -> tuple[list[DigestFigures], list[TopicPrediction]]:
    """Each engine's digest of a folder of exports. Raises ModelError where a model is missing."""
    chat = exported(folder)
    async with _digesters(paths, config, wanted) as digesters:
        return await measure_digests(chat.messages, chat.context, digesters, on_item)


async def write_feedback(paths: Paths, guild_name: str, out: Path) -> tuple[int, int]:
    """Writes what readers said as a data set; how many reports and how much feedback it holds."""
    async with Store.open(paths.database, read_only=True) as store:
        guild = await named_guild(store, guild_name)
        found = await criticised(store, guild.id)
    write_lines(out, data_set(found))
    return len(found), sum(len(one.feedback) for one in found)


@asynccontextmanager
async def _digesters(
    paths: Paths, config: Config, wanted: Wanted
) -> AsyncIterator[dict[str, Digester]]:
    """What each engine writes with, under the name of its column."""
    async with AsyncExitStack() as stack:
        found: dict[str, Digester] = {}
        for engine in wanted.engines:
            if engine == TRANSFORMERS:
                found[TRANSFORMERS] = Digester(None, cache=None, summariser=_summariser(config))
                continue
            if engine == EXTRACTIVE:
                found[EXTRACTIVE] = Digester(None, cache=None)
                continue
            for name in wanted.models or (config.ollama.model,):
                ollama = config.ollama.model_copy(update={"model": name})
                chosen = config.model_copy(update={"ollama": ollama})
                model = await stack.enter_async_context(language_model(chosen, paths))
                await model.check()
                found[name] = Digester(model, cache=None)
                for folder in wanted.prompts:
                    column = f"{name}, {folder.name}"
                    column = f"{name}, {folder}" if column in found else column
                    found[column] = Digester(model, cache=None, prompts=Prompts(folder))
        yield found


def _summariser(config: Config) -> Checkpoint:
    """The summariser that is named. Raises EvalError where it or its libraries are missing."""
    found, folder = summariser(config), config.report.checkpoint
    if found is None or folder is None or not folder.expanduser().is_dir():
        raise EvalError(_NO_CHECKPOINT)
    if find_spec("transformers") is None or find_spec("torch") is None:
        raise EvalError(_NO_LIBRARIES)
    return found
