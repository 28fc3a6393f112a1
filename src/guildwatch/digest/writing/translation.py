"""Checked points of another language told in the report's, and checked again."""

import asyncio
import hashlib
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guildwatch.digest.checking.check import LONGEST_POINT
from guildwatch.digest.checking.faithful import why_unfaithful
from guildwatch.digest.extraction.quotes import apart
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.writing.cache import Cache
from guildwatch.digest.writing.pack import fenced
from guildwatch.digest.writing.prompts import instructions
from guildwatch.digest.writing.tally import Tally
from guildwatch.language import LanguageModel, ModelError, Priority, Prompt
from guildwatch.model import LANGUAGES, Topic
from guildwatch.mood import LanguageDetector

_log = logging.getLogger(__name__)
_MOST_IN_A_CALL = 12
_LONGER = 1.6  # tokens of a translation, against those of its sentence
_TOKENS_AROUND = 30  # of JSON around each
_PASSING = ("cut", "garbled", "refused", "truncated")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to be translated: a topic's title (`point` is None) or one of its points.

    `cited` are the messages that it rests on.
    """

    topic: int
    point: int | None
    text: str
    cited: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Translated:
    """The topics in the report's language, and of how many points that could (not) be made."""

    topics: tuple[Topic, ...]
    points: int = 0
    failed: int = 0


class Translator:
    """Translates with one model; what it cannot translate faithfully stays as it was written.

    Quotations are people's own words and are never translated. `tally` counts what the calls cost.
    """

    def __init__(
        self,
        model: LanguageModel,
        cache: Cache | None,
        priority: Priority,
        tally: Tally,
        *,
        readable: Collection[int] | None = None,
    ) -> None:
        self._readable = readable
        self._model = model
        self._cache = cache
        self._priority = priority
        self._tally = tally
        self._detector = LanguageDetector()

    async def tell_in(
        self, language: str, topics: Sequence[Topic], lines: Sequence[Line]
    ) -> Translated:
        """The topics with every written title and point in this language, if it can be done."""
        told = {line.id: line for line in lines}
        sentences = await asyncio.to_thread(self._foreign, language, topics, told)
        if not sentences:
            return Translated(tuple(topics))
        names = {line.name for line in lines}
        found = await self._recalled(language, sentences, names)
        open_ = [one for one in sentences if one not in found]
        for call in self._calls(open_):
            found |= await self._ask(language, call, names)
        points = sum(one.point is not None for one in sentences)
        done = sum(one.point is not None for one in found)
        return Translated(_with(topics, found), done, points - done)

    def _foreign(
        self, language: str, topics: Sequence[Topic], told: Mapping[int, Line]
    ) -> list[Sentence]:
        """The sentences that are in another language; a title goes with most of its points."""
        sentences = []
        for place, topic in enumerate(topics):
            written = [at for at, point in enumerate(topic.points) if not point.quoted]
            whole = " ".join(apart(topic.points[at].text)[0] for at in written)
            is_foreign = self._detector.seems_other_than(language, whole)
            foreign = [
                at
                for at in written
                if self._is_foreign(language, apart(topic.points[at].text)[0], is_foreign)
            ]
            for at in foreign:
                point = topic.points[at]
                cited = tuple(told[id_] for id_ in point.message_ids if id_ in told)
                if cited and not point.original:
                    sentences.append(Sentence(place, at, apart(point.text)[0], cited))
            is_quoted = topic.title.startswith("“")
            if 2 * len(foreign) > len(written) and not is_quoted:
                ids = {id_ for point in topic.points for id_ in point.message_ids}
                cited = tuple(told[id_] for id_ in sorted(ids) if id_ in told)
                sentences.append(Sentence(place, None, topic.title, cited))
        return sentences

    def _is_foreign(self, language: str, text: str, is_topic_foreign: bool) -> bool:
        return self._detector.seems_other_than(language, text) or (
            is_topic_foreign and len(text.split()) < 5  # too short to know it by itself
        )

    async def _recalled(
        self, language: str, sentences: Sequence[Sentence], names: set[str]
    ) -> dict[Sentence, str]:
        """What was translated before, checked as if it had just been written."""
        found: dict[Sentence, str] = {}
        if self._cache is None:
            return found
        for one in sentences:
            text = await self._cache.cached(self._key(language, one), self._readable)
            if text is not None and not self._why_not(language, one, text, names):
                found[one] = text
        return found

    def _calls(self, sentences: Sequence[Sentence]) -> Iterator[Sequence[Sentence]]:
        """The sentences in calls whose answers fit."""
        room = min(1600, self._model.context // 3)
        call: list[Sentence] = []
        for one in sentences:
            full = self._answer_tokens([*call, one]) > room or len(call) == _MOST_IN_A_CALL
            if call and full:
                yield call
                call = []
            call.append(one)
        if call:
            yield call

    def _answer_tokens(self, sentences: Sequence[Sentence]) -> int:
        tokens = sum(_LONGER * self._model.fits(one.text) + _TOKENS_AROUND for one in sentences)
        return int(tokens) + _TOKENS_AROUND

    async def _ask(
        self, language: str, sentences: Sequence[Sentence], names: set[str]
    ) -> dict[Sentence, str]:
        """One call; one that fails is made in two, so that a sentence costs only itself."""
        listed = "".join(f"[{number}] {one.text}\n" for number, one in enumerate(sentences, 1))
        prompt = Prompt(
            instructions("translate"),
            f"Translate into {LANGUAGES[language].english}.\n{fenced(listed)}",
            _schema(len(sentences)),
            self._answer_tokens(sentences),
        )
        try:
            completion = await self._model.complete(prompt, priority=self._priority)
        except ModelError as error:
            _log.info("translating failed: %s", error)
            if len(sentences) == 1 or error.kind not in _PASSING:
                return {}
            middle = len(sentences) // 2
            first = await self._ask(language, sentences[:middle], names)
            return first | await self._ask(language, sentences[middle:], names)
        self._tally.add(completion, 0.0)
        return await self._kept(language, sentences, _texts(completion.data), names)

    async def _kept(
        self,
        language: str,
        sentences: Sequence[Sentence],
        texts: Mapping[int, str],
        names: set[str],
    ) -> dict[Sentence, str]:
        """The translations that are faithful; the cache keeps them too."""
        found: dict[Sentence, str] = {}
        for number, one in enumerate(sentences, 1):
            text = texts.get(number, "")
            reason = await asyncio.to_thread(self._why_not, language, one, text, names)
            if reason is not None:
                _log.info("a translation was refused: %s", reason)
                continue
            found[one] = text
            if self._cache is not None:
                first = one.cited[0]
                read = {line.id: line.wording for line in one.cited}
                key = self._key(language, one)
                among = {line.channel_id for each in sentences for line in each.cited}
                await self._cache.keep(
                    key, first.guild_id, first.channel_id, read, text, among=among
                )
        return found

    def _why_not(self, language: str, sentence: Sentence, text: str, names: set[str]) -> str | None:
        reason = why_unfaithful(text, sentence.text, sentence.cited, names, language)
        if sentence.point is None:
            return reason  # of a title's few words nobody can tell the language
        if reason is None and self._detector.seems_other_than(language, text):
            return "it is not in the language that was asked for"
        return reason

    def _key(self, language: str, sentence: Sentence) -> str:
        ids = " ".join(str(line.id) for line in sentence.cited)
        asked = hashlib.sha256(instructions("translate").encode()).hexdigest()
        whole = f"{asked}\n{self._model.name}\n{language}\n{ids}\n{sentence.text}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _with(topics: Sequence[Topic], found: Mapping[Sentence, str]) -> tuple[Topic, ...]:
    told = {(one.topic, one.point): text for one, text in found.items()}
    return tuple(
        replace(
            topic,
            title=told.get((place, None), topic.title),
            points=tuple(
                replace(point, text=told[place, at] + apart(point.text)[1], original=point.text)
                if (place, at) in told
                else point
                for at, point in enumerate(topic.points)
            ),
        )
        for place, topic in enumerate(topics)
    )


def _schema(most: int) -> dict[str, Any]:
    sentence = {
        "type": "object",
        "properties": {
            "number": {"type": "integer"},
            "text": {"type": "string", "maxLength": 2 * LONGEST_POINT},
        },
        "required": ["number", "text"],
    }
    sentences = {"type": "array", "items": sentence, "maxItems": most}
    return {"type": "object", "properties": {"sentences": sentences}, "required": ["sentences"]}


def _texts(data: object) -> dict[int, str]:
    """The answer's sentences by their numbers; the first counts where one comes twice."""
    items = data.get("sentences") if isinstance(data, dict) else None
    found: dict[int, str] = {}
    for each in items if isinstance(items, list) else ():
        number, text = (each.get("number"), each.get("text")) if isinstance(each, dict) else (0, 0)
        if isinstance(number, int) and isinstance(text, str):
            found.setdefault(number, " ".join(text.split()))
    return found
