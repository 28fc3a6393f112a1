"""A period's talk while it goes on: where each line belongs, and what has gone quiet since.

No text is held here but what the separators remember of the last hours, only ids: what is due is
read from the store again, so that nothing is told of a message that was deleted or edited since.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from guildwatch.digest.separation.separate import ChannelSeparator
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.writing.pack import OVERLAP, show
from guildwatch.model import Home

_PAUSES = 12.0  # so many of the channel's usual pauses without a word, and a conversation is quiet
_SOONEST, _LATEST = 600.0, 5400.0  # seconds
_USUAL_PAUSE = 60.0
_PAUSE_MEMORY = 20
_LONGEST_PAUSE = 3600.0
_RETOLD_AFTER = 1800.0  # seconds; who edits once edits again, and it is asked about once

Key = tuple[int, int]
"""A conversation: its channel's id and its own."""


@dataclass(slots=True)
class _Going:
    """A conversation: the ids of its last told lines, of all before, and of those that came since.

    `changed_at` is when the last of what was told was seen to hold no more, if it is to be told
    again.
    """

    told: tuple[int, ...] = ()
    past: list[int] = field(default_factory=list)
    changed_at: float | None = None
    fresh: list[int] = field(default_factory=list)
    tokens: int = 0
    said: int = 0
    last_at: float = 0.0
    examined: int = 0


@dataclass(frozen=True, slots=True)
class Quiet:
    """A conversation that may be told now.

    `told` are the last lines that were told of it, `fresh` those that came since, by their ids.
    `is_over` says that it has gone quiet; else it is only too long to wait for its end. With
    `changed_at` it is what was told already, of which something has changed: then `fresh` is all
    of that.
    """

    key: Key
    told: tuple[int, ...]
    fresh: tuple[int, ...]
    is_over: bool
    changed_at: float | None = None


class Following:
    """Follows the talk of a period, line by line, in the order in which it was said.

    `measure` estimates the tokens of a text; `said` are those of all texts so far, without names
    and numbers, `lines` how many there were.
    """

    def __init__(self, measure: Callable[[str], int]) -> None:
        self.said = 0
        self.lines = 0
        self._measure = measure
        self._channels: dict[int, ChannelSeparator] = {}
        self._going: dict[Key, _Going] = {}
        self._last_at: dict[int, float] = {}
        self._pause: dict[int, float] = {}

    def take(
        self, lines: Iterable[Line], homes: Mapping[int, Home], *, threads: Collection[int] = ()
    ) -> dict[int, list[Home]]:
        """Put the next lines where they belong; gives the homes that were not known, by channel."""
        found: dict[int, list[Home]] = {}
        known = dict(homes)
        for line in lines:
            home = known.get(line.id)
            if home is None:
                home = known[line.id] = self._separator(line, threads).add(
                    line, known.get(line.reply_to or 0)
                )
                found.setdefault(line.channel_id, []).append(home)
            else:
                self._separator(line, threads).recall(line, home)
            self._put(line, home)
        return found

    def ripe(
        self, now: float, most: int, *, hurry: float = 1.0, closed: Collection[int] = ()
    ) -> list[Quiet]:
        """The conversations of which something new may be told now.

        Those that are quiet, which is judged by the pace of their channels and sooner the less
        `hurry` is (0: all of them are), and those with more than `most` tokens. In the channels
        that are `closed` nobody goes on. What was examined since its last line is not given again.
        """
        return [
            Quiet(key, going.told, tuple(going.fresh), is_over)
            for key, going in self._going.items()
            if len(going.fresh) > going.examined
            and ((is_over := self._is_over(key, going, now, hurry, closed)) or going.tokens > most)
        ]

    def changed(self, now: float, *, hurry: float = 1.0) -> list[Quiet]:
        """What was told and is to be told again, as its changes have settled."""
        return [
            Quiet(key, (), tuple(going.past), is_over=False, changed_at=going.changed_at)
            for key, going in self._going.items()
            if going.changed_at is not None and now - going.changed_at >= _RETOLD_AFTER * hurry
        ]

    @property
    def channels(self) -> Collection[int]:
        """The channels in which anything was said."""
        return self._channels.keys()

    @property
    def open_said(self) -> int:
        """Those of them that belong to conversations that were not examined since."""
        return sum(
            going.said for going in self._going.values() if len(going.fresh) > going.examined
        )

    def examined(self, key: Key) -> None:
        """Leave a conversation alone until somebody goes on with it."""
        self._going[key].examined = len(self._going[key].fresh)

    def reexamined(self, key: Key) -> None:
        """Leave what was told of a conversation alone until something of it changes again.

        What came since is examined again.
        """
        self._going[key].changed_at = None
        self._going[key].examined = 0

    def retell(self, key: Key, now: float) -> None:
        """Note that something of what was told of a conversation holds no more."""
        self._going[key].changed_at = now

    def is_examined(self, key: Key) -> bool:
        """Whether nothing was said in it since it was examined."""
        going = self._going[key]
        return going.examined == len(going.fresh)

    def doubt(self) -> None:
        """Have everything examined again."""
        for going in self._going.values():
            going.examined = 0

    def settle(self, key: Key, run: Sequence[int]) -> None:
        """Note that a conversation is told up to the end of `run`, by the ids of its lines."""
        going = self._going[key]
        rest = [id_ for id_ in going.fresh if id_ > run[-1]]
        going.past += [id_ for id_ in going.fresh if id_ <= run[-1]]
        share = len(rest) / max(1, len(going.fresh))
        if not going.told or run[-1] >= going.told[-1]:
            going.told = tuple(run[-OVERLAP:])
        going.examined = max(0, going.examined - (len(going.fresh) - len(rest)))
        going.fresh, going.tokens = rest, round(going.tokens * share)
        going.said = round(going.said * share)

    def _separator(self, line: Line, threads: Collection[int]) -> ChannelSeparator:
        where = line.channel_id
        if where not in self._channels:
            self._channels[where] = ChannelSeparator(where, is_thread=where in threads)
        return self._channels[where]

    def _put(self, line: Line, home: Home) -> None:
        key = line.channel_id, home.conversation_id
        going = self._going.setdefault(key, _Going())
        said = self._measure(line.text)
        going.fresh.append(line.id)
        going.tokens += self._measure(show(0, line))
        going.said += said
        going.last_at = line.at
        self.said += said
        self.lines += 1
        where = line.channel_id
        pause = min(_LONGEST_PAUSE, line.at - self._last_at.get(where, line.at - _USUAL_PAUSE))
        usual = self._pause.get(where, _USUAL_PAUSE)
        self._pause[where] = usual + (max(0.0, pause) - usual) / _PAUSE_MEMORY
        self._last_at[where] = line.at

    def _is_over(
        self, key: Key, going: _Going, now: float, hurry: float, closed: Collection[int]
    ) -> bool:
        if key[0] in closed:
            return True
        wait = min(_LATEST, max(_SOONEST, _PAUSES * self._pause[key[0]]))
        return now - going.last_at >= wait * hurry
