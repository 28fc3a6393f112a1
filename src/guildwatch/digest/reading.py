"""Messages cleaned, separated and ranked: what a digest reads before anybody writes."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guildwatch.digest.extraction.rank import considered_for, importance, is_small_talk
from guildwatch.digest.separation.separate import join_announcements, separate
from guildwatch.digest.separation.subjects import parted
from guildwatch.digest.transcript.clean import Cleaned, clean
from guildwatch.digest.transcript.lines import Context, Conversation, Line
from guildwatch.digest.writing.portions import NOTHING_TOLD, Portion, Tellings, portions
from guildwatch.model import ChannelKind, Home, Message

FEW_PEOPLE = "few_people"
"""The reason to leave out what too few spoke of."""

_SIGN_EVERY = 500  # lines


@dataclass(frozen=True, slots=True)
class Reading:
    """The messages, cleaned, separated and ranked: `worth_telling` has the weightiest first."""

    lines: list[Line]
    left_out: dict[str, int]
    conversations: int
    worth_telling: list[Conversation]
    announcing: frozenset[int]
    portions: list[Portion]

    @property
    def considered(self) -> list[Conversation]:
        """The conversations that a model is asked about, the weightiest first."""
        return [portion.conversation for portion in self.chosen]

    @property
    def chosen(self) -> list[Portion]:
        """The same with what was told of them; what was told before costs nothing, however small.

        Of what matters less no news is asked for.
        """
        most = considered_for(len(self.lines))
        rest = (replace(each, news=()) for each in self.portions[most:] if each.told)
        return [*self.portions[:most], *rest]


def read(
    messages: Sequence[Message],
    context: Context,
    homes: Mapping[int, Home] | None = None,
    told: Tellings = NOTHING_TOLD,
    on_line: Callable[[int, int], None] = lambda _done, _total: None,
) -> Reading:
    """Read these messages; every one of them is a line or counted as left out.

    `homes` are those that are known already, `told` is what was told before. Now and then `on_line`
    hears how many lines are read of how many.
    """
    cleaned = clean(messages, context)
    announcing = frozenset(
        id_ for id_, each in context.channels.items() if each.kind is ChannelKind.ANNOUNCEMENT
    )
    threads = {id_ for id_, each in context.channels.items() if each.kind.is_thread}
    parts = [
        portion
        for conversation in separate(_counted(cleaned.lines, on_line), threads=threads, homes=homes)
        for portion in portions(conversation, told.of(conversation), parted, announcing)
    ]
    found, cleaned = _of_enough_people(_joined(parts, announcing), cleaned, context.min_people)
    worth = [
        each for each in found if each.told or not is_small_talk(each.conversation, announcing)
    ]
    worth.sort(key=lambda portion: importance(portion.conversation, announcing), reverse=True)
    telling = [portion.conversation for portion in worth]
    return Reading(cleaned.lines, cleaned.left_out, len(found), telling, announcing, worth)


def _counted(lines: Sequence[Line], on_line: Callable[[int, int], None]) -> Iterator[Line]:
    for done, line in enumerate(lines):
        if done and done % _SIGN_EVERY == 0:
            on_line(done, len(lines))
        yield line


def _of_enough_people(
    found: list[Portion], cleaned: Cleaned, min_people: int
) -> tuple[list[Portion], Cleaned]:
    """Without what too few spoke of: nobody reads on in it, and its lines count as left out."""
    told = [each for each in found if each.conversation.people >= min_people]
    if len(told) == len(found):
        return found, cleaned
    kept = {line.id for each in told for line in each.conversation.lines}
    lines = [line for line in cleaned.lines if line.id in kept]
    few = len(cleaned.lines) - len(lines)
    return told, Cleaned(lines, cleaned.left_out | {FEW_PEOPLE: few})


def _joined(parts: Sequence[Portion], announcing: Collection[int]) -> list[Portion]:
    """The portions with a person's announcements of one matter joined into one."""
    if not announcing:
        return list(parts)
    of_line = {each.conversation.lines[0].id: each for each in parts}
    joined = join_announcements([each.conversation for each in parts], announcing)
    return [_whole(each, [of_line[id_] for id_ in _ids(each) if id_ in of_line]) for each in joined]


def _whole(conversation: Conversation, parts: Sequence[Portion]) -> Portion:
    """One portion of several that turned out to be about one matter."""
    if len(parts) == 1:
        return parts[0]
    told = tuple(run for each in parts for run in each.told)
    fresh = tuple(line for each in parts for line in each.news)
    return Portion(conversation, told, fresh)


def _ids(conversation: Conversation) -> list[int]:
    return [line.id for line in conversation.lines]
