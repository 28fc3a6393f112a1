"""What readers say of a report by the buttons under it."""

import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import hikari
from hikari.impl import ModalActionRowBuilder

from guildwatch.audience import sources_for_member
from guildwatch.capture import Roster
from guildwatch.discord.access import Access, Person, Subject
from guildwatch.discord.buttons import Action, Pressed, custom_id, pressed
from guildwatch.discord.embeds import DESCRIPTION, shortened
from guildwatch.discord.errors import UNANSWERED, RefusalError
from guildwatch.discord.fields import (
    Raw,
    mapping,
    mappings,
    needed_snowflake,
    snowflake,
    text,
)
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE, THREAD
from guildwatch.discord.payloads import member
from guildwatch.model import (
    REPORT_BUTTONS,
    Clock,
    Feedback,
    GuildwatchError,
    LedgerEntry,
    Part,
    Verdict,
)
from guildwatch.report import to_post
from guildwatch.sensitive import Cleared
from guildwatch.store import Store

_log = logging.getLogger(__name__)

WORDS_MOST = 1_000
_FIELDS = {Verdict.WRONG: "words", Verdict.MISSING: "missing"}
_ASKED = {Verdict.WRONG: "What is wrong?", Verdict.MISSING: "What is missing?"}
_FORM_TITLE = "Correct this report"
_BUTTON, _FORM = 3, 5
"""https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object"""

_PRESSES, _WITHIN = 12, timedelta(minutes=1)
_MOST_PRESSING = 10_000

_THANKS = {
    Verdict.GOOD: "Noted as helpful. Press again to take it back.",
    Verdict.BAD: "Noted as not helpful. With *Correct…* you can say what is wrong or missing.",
}
_TAKEN_BACK = "Taken back."
_CORRECTED = "Thank you. Whoever runs me reads it; the post itself stays as it is."
_UNKNOWN = "I keep nothing about this report any more, so there is nothing to note."
_OPTED_OUT = (
    "You opted out here, so I keep nothing of you, and no opinion either. `/privacy optin` takes "
    "that back."
)
_TOO_MUCH = "That was a lot at once. Try again in a minute."
_FAILED = "I can't note that at the moment. Try again later."
_NO_DETAILS = "There are no details that I could show you. `/summary day` tells a day anew."


@dataclass(frozen=True, slots=True)
class _Press:
    """One interaction with a report's buttons or form."""

    id: int
    token: str
    what: Pressed
    user_id: int
    message_id: int
    guild_id: int | None
    raw: Raw


class FeedbackButtons:
    """Hears what is pressed under reports, keeps it, and answers whoever pressed.

    It is told the gateway's raw events: lightbulb's menus match custom ids exactly and end with
    the program, and these buttons work as long as their posts stand. `cleared` takes out of a
    correction what must never be kept.
    """

    def __init__(
        self,
        line: Line,
        store: Store,
        roster: Roster,
        access: Access,
        *,
        clock: Clock,
        cleared: Cleared = str,
    ) -> None:
        self._line = line
        self._store = store
        self._roster = roster
        self._access = access
        self._clock = clock
        self._cleared = cleared
        self._presses = _Presses(clock)

    async def hear(self, raw: Raw) -> None:
        """Takes an INTERACTION_CREATE; one that is not about a report's buttons is let go.

        Raises OddPayloadError where it cannot be understood.
        """
        press = _press_of(raw)
        if press is None:
            return
        try:
            await self._take(press)
        except (GuildwatchError, *UNANSWERED) as error:
            # 10062 (too late) and 40060 (already answered) are among them: nothing is left to say.
            _log.warning("A button under a report was not answered: %s", error)

    async def _take(self, press: _Press) -> None:
        try:
            if not self._presses.allow(press.user_id):
                await self._say(press, _TOO_MUCH)
                return
            await self._admit(press)
            await self._answer(press)
        except RefusalError as refusal:
            await self._say(press, str(refusal))
        except GuildwatchError:
            await self._say(press, _FAILED)
            raise

    async def _admit(self, press: _Press) -> None:
        """Raises RefusalError; a direct message has only its one reader."""
        if press.guild_id is None:
            return
        guild = self._roster.guild(press.guild_id)
        if guild is None:
            raise RefusalError(_UNKNOWN)
        reader = member(mapping(press.raw.get("member")), guild.id)
        channel_id = snowflake(press.raw.get("channel_id")) or 0
        await self._access.admit(Person(guild, reader, channel_id), Subject(REPORT_BUTTONS))

    async def _answer(self, press: _Press) -> None:
        found = await self._post(press)
        if found is None:
            await self._say(press, _UNKNOWN)
            return
        entry, parts = found
        if press.what.action is Action.DETAILS:
            await self._tell_details(press, entry, parts)
        elif await self._store.rights.has_opted_out(entry.guild_id, press.user_id):
            await self._say(press, _OPTED_OUT)
        elif press.what.action is not Action.WRONG:
            await self._vote(press, entry)
        elif press.raw.get("type") == _FORM:
            await self._correct(press, entry)
        else:
            await self._ask(press)

    async def _post(self, press: _Press) -> tuple[LedgerEntry, dict[str, Part]] | None:
        """The report of the pressed post; None where the ledger knows nothing of that post."""
        ledger = self._store.ledger
        entry = await ledger.find_posted(press.message_id) or await ledger.find(press.what.key)
        if entry is None or not _belongs(press, entry):
            return None
        parts = {part.name: part for part in await ledger.parts(entry)}
        glance = parts.get(GLANCE)
        # Somebody may press before the post's id has been noted.
        if glance is None or glance.message_id not in (None, press.message_id):
            return None
        return entry, parts

    async def _vote(self, press: _Press, entry: LedgerEntry) -> None:
        verdict = Verdict(press.what.action)
        stands = await self._store.feedback.vote(self._said(press, entry, verdict))
        await self._say(press, _THANKS[verdict] if stands else _TAKEN_BACK)

    async def _correct(self, press: _Press, entry: LedgerEntry) -> None:
        stands = False
        for verdict, field in _FIELDS.items():
            words = self._cleared(_typed(press.raw, field))[:WORDS_MOST].strip()
            said = self._said(press, entry, verdict, words)
            stands |= await self._store.feedback.correct(said)
        await self._say(press, _CORRECTED if stands else _TAKEN_BACK)

    async def _ask(self, press: _Press) -> None:
        """Open the form, with what this person said of the report before."""
        rows = [await self._field(press, verdict) for verdict in _FIELDS]
        await self._line.rest.create_modal_response(
            press.id,
            press.token,
            title=_FORM_TITLE,
            custom_id=custom_id(Action.WRONG, press.what.key),
            components=rows,
        )

    async def _field(self, press: _Press, verdict: Verdict) -> ModalActionRowBuilder:
        said = await self._store.feedback.words(press.message_id, press.user_id, verdict)
        return ModalActionRowBuilder().add_text_input(
            _FIELDS[verdict],
            f"{_ASKED[verdict]} (empty takes it back)" if said else _ASKED[verdict],
            style=hikari.TextInputStyle.PARAGRAPH,
            value=said or hikari.UNDEFINED,
            required=False,
            max_length=WORDS_MOST,
        )

    async def _tell_details(
        self, press: _Press, entry: LedgerEntry, parts: dict[str, Part]
    ) -> None:
        thread = parts.get(THREAD)
        if press.guild_id is None:
            await self._say(press, "The details follow below the report.")
        elif thread is not None and self._roster.channel(thread.message_id or 0) is not None:
            await self._say(press, f"The details are in <#{thread.message_id}>.")
        else:
            points = await self._points(press, entry)
            await self._say(press, "" if points else _NO_DETAILS, points)

    async def _points(self, press: _Press, entry: LedgerEntry) -> str:
        """The report's points, if this member can read all that they may rest on."""
        guild = self._roster.guild(entry.guild_id)
        if guild is None or entry.report_id is None:
            return ""
        report = await self._store.reports.load(entry.report_id)
        reader = member(mapping(press.raw.get("member")), guild.id)
        if not sources_for_member(guild, reader, self._clock()).issuperset(report.source_ids):
            return ""
        post = to_post(report, zone=entry.period.zone)
        return shortened("\n\n".join(post.thread).splitlines(), DESCRIPTION)

    def _said(
        self, press: _Press, entry: LedgerEntry, verdict: Verdict, words: str = ""
    ) -> Feedback:
        return Feedback(
            press.message_id,
            entry.guild_id,
            entry.report_id,
            press.user_id,
            verdict,
            self._clock(),
            words,
        )

    async def _say(self, press: _Press, words: str, points: str = "") -> None:
        """Answer whoever pressed, and nobody else."""
        # The poster, since hikari's own objects know not all that Discord tells of the answer.
        await self._line.poster.create_interaction_response(
            press.id,
            press.token,
            hikari.ResponseType.MESSAGE_CREATE,
            words or hikari.UNDEFINED,
            embed=hikari.Embed(description=points) if points else hikari.UNDEFINED,
            flags=hikari.MessageFlag.EPHEMERAL,
            mentions_everyone=False,
            user_mentions=False,
            role_mentions=False,
        )


class _Presses:
    """How often each member pressed within the last minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recent: dict[int, deque[datetime]] = {}

    def allow(self, user_id: int) -> bool:
        """Count a press; False for who presses too much."""
        now = self._clock()
        if len(self._recent) >= _MOST_PRESSING:
            self._recent = {
                id_: times for id_, times in self._recent.items() if now - times[-1] < _WITHIN
            }
        times = self._recent.setdefault(user_id, deque(maxlen=_PRESSES))
        if len(times) == _PRESSES and timedelta() <= now - times[0] < _WITHIN:
            return False
        times.append(now)
        return True


def _press_of(raw: Raw) -> _Press | None:
    """What an interaction says, None where it is none of ours; raises OddPayloadError."""
    what = pressed(mapping(raw.get("data")).get("custom_id"))
    if what is None or raw.get("type") not in (_BUTTON, _FORM):
        return None
    person = mapping(mapping(raw.get("member")).get("user")) or mapping(raw.get("user"))
    return _Press(
        needed_snowflake(raw, "id"),
        text(raw.get("token")),
        what,
        needed_snowflake(person, "id"),
        needed_snowflake(mapping(raw.get("message")), "id"),
        snowflake(raw.get("guild_id")),
        raw,
    )


def _belongs(press: _Press, entry: LedgerEntry) -> bool:
    """Whether the report is of the guild that the button names and stands in."""
    named = press.what.key.partition(":")[0]
    return named == str(entry.guild_id) and press.guild_id in (None, entry.guild_id)


def _typed(raw: Raw, name: str) -> str:
    """What was typed into a field of the form."""
    for row in mappings(mapping(raw.get("data")).get("components")):
        for field in (*mappings(row.get("components")), mapping(row.get("component"))):
            if field.get("custom_id") == name:
                return text(field.get("value"))
    return ""
