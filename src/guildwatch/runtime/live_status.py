"""How it is: what the running parts say of themselves."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from guildwatch.capture import Backfill, Intake, Pulse, Roster
from guildwatch.discord.connection import Connection
from guildwatch.model import Clock, Guild
from guildwatch.report import Ahead
from guildwatch.runtime.model_watch import ModelWatch
from guildwatch.runtime.status import Document, document, incident, iso, sizes, stored_gaps
from guildwatch.runtime.trouble_watch import TroubleWatch
from guildwatch.schedule import Runner
from guildwatch.sensitive import masked
from guildwatch.store import Store, StoreError


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """Looks at the running parts; `clock` is the one that they go by."""

    store: Store
    roster: Roster
    pulse: Pulse
    intake: Intake
    backfill: Backfill
    connection: Connection
    runner: Runner
    model: ModelWatch | None
    ahead: Ahead
    troubles: TroubleWatch
    since: datetime
    clock: Clock

    def telling(self) -> object:
        """What is to be told at once when it changes."""
        history = self.backfill.progress
        return (
            self.connection.connected_since,
            self.connection.trouble,
            self.intake.trouble,
            history.trouble,
            history.channels_left > 0,
            len(self.troubles.going_on),
            [self.runner.next_due(guild.id) for guild in self.roster.guilds()],
        )

    async def look(self) -> Document:
        """How it is now; what a store in trouble cannot tell is left out."""
        guilds, recent = self.roster.guilds(), self.pulse.recent
        try:
            posted = await self.store.ledger.last_posted()
            is_open = self.intake.frontier.is_open
            gaps = await stored_gaps(self.store, guilds, self.clock(), is_open)
            to_edit = await self.store.amendments.waiting()
        except StoreError:
            posted, gaps, to_edit = {}, [], 0
        told = [self._guild(guild, posted.get(guild.id)) for guild in guilds]
        return document(
            told,
            running=True,
            pid=os.getpid(),
            since=iso(self.since),
            connected=self.connection.connected_since is not None,
            connected_since=iso(self.connection.connected_since),
            trouble=" ".join(self._troubles()),
            last_message=iso(recent[-1].created_at) if recent else None,
            backlog=self.intake.backlog,
            backfill=self._backfill(),
            sweep=_plain(asdict(self.backfill.progress.sweep)),
            gaps=gaps,
            posts_to_edit=to_edit,
            incidents=[incident(one) for one in self.troubles.going_on],
            model=self._model(),
            sizes=await sizes(self.store),
        )

    def _troubles(self) -> list[str]:
        history = self.backfill.progress.trouble
        told = (self.intake.trouble, self.connection.trouble, history)
        return [one for one in dict.fromkeys(told) if one]

    def _backfill(self) -> Document:
        progress = self.backfill.progress
        channel = self.roster.channel(progress.channel_id) if progress.channel_id else None
        return {
            "channels_left": progress.channels_left,
            "messages": progress.messages,
            "messages_left": progress.estimated,
            "doing": f"reading #{masked(channel.name)}" if channel else None,
            "trouble": progress.trouble or None,
        }

    def _guild(self, guild: Guild, posted: datetime | None) -> Document:
        state = self.runner.state(guild.id)
        return {
            "id": str(guild.id),
            "name": masked(guild.name),
            "next_report": iso(state.next_due),
            "last_report": iso(posted),
            "waiting": state.waiting + (state.working is not None),
            "trouble": state.trouble or None,
        }

    def _model(self) -> Document | None:
        if self.model is None:
            return None
        doing = self.ahead.doing
        return {
            "name": self.model.name,
            "trouble": self.model.trouble or None,
            "doing": f"{doing.doing} {doing.done}/{doing.total}" if doing else None,
            "conversations_waiting": self.ahead.pending,
        }


def _plain(values: Mapping[str, Any]) -> Document:
    """Ids as strings, as JSON's numbers are too short for them in many readers."""
    return {
        name: str(value) if name.endswith("_id") and value is not None else value
        for name, value in values.items()
    }
