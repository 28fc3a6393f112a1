"""Who wrote a digest, what it took, and why a weaker engine stood in."""

from collections import Counter
from dataclasses import replace

from guildwatch.digest.writing.mapping import Mapper
from guildwatch.digest.writing.summariser import Summaries
from guildwatch.language import LanguageModel
from guildwatch.model import EngineUse, Spent

# Kept in English; the reports' catalogues have each in every language.
FALLBACKS = {
    "unreachable": "The language model did not answer",
    "missing": "The language model is not installed",
    "timeout": "The language model took too long",
    "cut": "The language model broke off",
    "truncated": "The language model's context was too short",
    "garbled": "The language model's answers could not be read",
    "refused": "The language model refused to work",
    "preempted": "The language model was wanted elsewhere",
}
UNTRUE = "Some of what the language model wrote was not borne out by the messages"
BARREN = (
    "Nothing that the language model wrote about several conversations in a row was borne out by "
    "the messages and it was not asked about the rest"
)


def engine_use(
    model: LanguageModel | None, mapper: Mapper | None, by_model: bool | None, seconds: float
) -> EngineUse:
    """Who wrote a digest; `by_model`: all of its topics are the model's, None if some are."""
    if model is None or mapper is None:
        return EngineUse("extractive", seconds=seconds)
    tally = mapper.tally
    name = "mixed" if by_model is None else "ollama" if by_model else "extractive"
    return EngineUse(
        name=name,
        model=None if name == "extractive" else model.name,
        calls=tally.calls,
        prompt_tokens=tally.prompt_tokens,
        completion_tokens=tally.completion_tokens,
        seconds=seconds,
        dropped_points=tally.dropped.total(),
        dropped=dict(tally.dropped),
        fallback=_fallback(mapper, name),
        chat_tokens=round(tally.chat_tokens),
    )


def with_ahead(use: EngineUse, spent: Spent) -> EngineUse:
    """The same with what was spent on its messages before."""
    return replace(
        use,
        calls=use.calls + spent.calls,
        prompt_tokens=use.prompt_tokens + spent.prompt_tokens,
        chat_tokens=use.chat_tokens + spent.chat_tokens,
        completion_tokens=use.completion_tokens + spent.completion_tokens,
        ahead_calls=spent.calls,
        ahead_prompt_tokens=spent.prompt_tokens,
        ahead_completion_tokens=spent.completion_tokens,
    )


def with_summaries(
    use: EngineUse,
    summaries: Summaries,
    checkpoint: str | None,
    by_model: bool | None,
    *,
    told: int,
) -> EngineUse:
    """The same with what a summariser did beside the model or in its place.

    `told` are the conversations of which one of the two told anything; `by_model`: all topics are
    theirs, None if some are.
    """
    own = len(summaries.accounts)
    dropped = Counter(use.dropped) + summaries.dropped
    use = replace(
        use,
        calls=use.calls + summaries.calls,
        prompt_tokens=use.prompt_tokens + summaries.prompt_tokens,
        completion_tokens=use.completion_tokens + summaries.completion_tokens,
        dropped=dict(dropped),
        dropped_points=dropped.total(),
    )
    if not own or checkpoint is None or by_model is False:
        return replace(use, fallback=_both(use.fallback, summaries.trouble))
    reason = (use.fallback or summaries.trouble).partition(", so ")[0]
    fallback = f"{reason}, so the summariser {checkpoint} stood in." if reason else ""
    if own < told:
        model = f"{use.model} and {checkpoint}"
        return replace(use, name="mixed", model=model, fallback=fallback)
    name = "mixed" if by_model is None else "transformers"
    return replace(use, name=name, model=checkpoint, fallback=fallback)


def _both(fallback: str, trouble: str) -> str:
    """What kept the model from it, and what the summariser."""
    if not fallback or not trouble:
        return fallback or trouble
    reason, so, rest = fallback.partition(", so ")
    return f"{reason}, and the summariser cannot be used ({trouble}){so}{rest}"


def _fallback(mapper: Mapper, name: str) -> str:
    if name == "ollama":
        return ""
    trouble = mapper.tally.trouble
    if mapper.tally.is_barren:
        reason = BARREN
    else:
        reason = FALLBACKS[trouble.kind] if trouble is not None else UNTRUE
    what = "some topics are" if name == "mixed" else "these are"
    return f"{reason}, so {what} told in the messages' own words."
