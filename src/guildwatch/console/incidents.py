"""What went wrong with the program itself: going on now, and over lately."""

from datetime import datetime
from zoneinfo import ZoneInfo

from textual import work
from textual.widgets import Static

from guildwatch.console.view import View
from guildwatch.console.wording import steady
from guildwatch.model import Incident
from guildwatch.store import StoreError

_SECONDS = 3
_SHOWN = 5


class IncidentList(Static):
    """The latest incidents, a line or two each; gone where there were none."""

    DEFAULT_CSS = """
    IncidentList {
        height: auto; max-height: 8; padding: 0 1; border-top: solid $panel; display: none;
    }
    """

    def __init__(self, view: View) -> None:
        super().__init__(markup=False)
        self._view = view
        self.border_title = "What went wrong lately"

    def on_mount(self) -> None:
        """Looks at once and from then on."""
        self.set_interval(_SECONDS, self.look)
        self.look()

    @work(exclusive=True)
    async def look(self) -> None:
        """Takes over what the store has; while that fails, what goes on now is all there is."""
        going_on = self._view.incidents.going_on
        try:
            latest = await self._view.store.incidents.recent(_SHOWN)
        except StoreError:
            latest = list(going_on)
        unsaved = [one for one in going_on if not any(map(one.is_same, latest))]
        shown = [*unsaved, *latest][:_SHOWN]
        self.display = bool(shown)
        self.update("\n".join(_told(one, self._view.own_zone) for one in shown))


def _told(one: Incident, zone: ZoneInfo) -> str:
    times = f", {one.times}×" if one.times > 1 else ""
    sentence = steady(one.sentence)
    if one.ended_at is None:
        return f"● since {_clock(one.first_at, zone)}{times}: {sentence}"
    return f"○ {_clock(one.first_at, zone)} to {_clock(one.ended_at, zone)}{times}: {sentence}"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %H:%M}"
