"""The judgement: a sandbox's truth against what a program kept of it and posted."""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from guildwatch.sandbox import Permission, World
from guildwatch.sandbox.places import Channel
from support.faults.town import Place
from support.faults.truth import Said, Truth

_MARK = re.compile(rb"(?=([bcdfghjklmnpqrstvwxz]{9}))")
_LINK = re.compile(r"discord\.com/channels/(\d+)/(\d+)/(\d+)")
_READ = int(Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY)
_LIMIT_SECONDS = 6.0
_FINAL = ("posted", "closed")


@dataclass
class Verdict:
    """What is amiss, a sentence each.

    `lost`: not stored, or not with the latest text. `duplicated`: told twice. `left`: deleted and
    still there. `waiting`: the like, changed unseen when it was older than what is read again at
    once, so that the slow sweep has to find it. `periods`: not covered once. `violations`: of
    Discord's limits. `broken`: the rest.
    """

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    messages: int = 0
    posts: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing is amiss."""
        return not any(found for found in asdict(self).values() if isinstance(found, list))

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        told = {name: found for name, found in asdict(self).items() if isinstance(found, list)}
        return "\n".join(f"  {name}: {one}" for name, found in told.items() for one in found[:12])


def judge(folder: Path, truth: Truth, places: Sequence[Place]) -> Verdict:
    """Compare what is kept in a history's folder, and what is posted, with the truth."""
    verdict = Verdict()
    data = folder / "data"
    with closing(_opened(data / "guildwatch.db")) as database:
        tracked = _judge_messages(database, truth, verdict)
        _judge_ledger(database, truth.world, places, verdict)
        _judge_soundness(database, verdict)
        waiting = _to_be_edited(database)
    _judge_files(data, truth, tracked, verdict)
    _judge_posts(truth, places, verdict)
    _judge_words_in_posts(truth, places, tracked, waiting, verdict)
    return verdict


def violations(world: World, started_at: Sequence[float]) -> list[str]:
    """What a strict Discord would punish.

    A program that was killed cannot know what is left of the limits: its first seconds are free.
    """
    return [
        text
        for moment, text in getattr(world.log.violations, "moments", ())
        if not any(0 <= moment - start <= _LIMIT_SECONDS for start in started_at[1:])
    ]


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)
    database.row_factory = sqlite3.Row
    return database


def _judge_messages(database: sqlite3.Connection, truth: Truth, verdict: Verdict) -> set[int]:
    """Compares message by message; gives the channels that the program should follow."""
    world = truth.world
    choices = {
        one["channel_id"]: bool(one["tracked"])
        for one in database.execute("SELECT * FROM tracking")
    }
    for channel_id, chosen in truth.choices.items():
        if channel_id not in truth.unsure and choices.get(channel_id) is not chosen:
            verdict.broken.append(f"the choice for channel {channel_id} was not kept")
    tracked = {one.id for one in world.channels.values() if _is_tracked(world, one, choices)}
    rows = {one["id"]: one for one in database.execute("SELECT * FROM messages")}
    for channel_id in tracked:
        for message_id in world.channels[channel_id].message_ids:
            message = world.kept_messages[message_id]
            if message.author_id != world.bot.id:
                verdict.messages += 1
                _judge_message(
                    rows.get(message_id), truth.said.get(message_id), message_id, truth, verdict
                )
    for one in truth.said.values():
        row = rows.get(one.id)
        if one.gone_at is not None and row is not None and row["text"] is not None:
            _judge_deleted(one, "its row", truth, tracked, verdict)
    strangers = rows.keys() - truth.said.keys() - world.kept_messages.keys()
    for id_ in strangers:
        if rows[id_]["text"]:
            verdict.broken.append(
                f"message {id_} is stored and was never said: {rows[id_]['text']}"
            )
    return tracked


def _judge_message(
    row: sqlite3.Row | None, said: Said | None, message_id: int, truth: Truth, verdict: Verdict
) -> None:
    if row is None:
        verdict.lost.append(f"{_where(message_id, truth)} is not stored")
    elif row["text"] is None:
        verdict.lost.append(f"{_where(message_id, truth)} is stored as deleted")
    elif said is not None and said.marks[-1] not in row["text"]:
        amiss = verdict.waiting if said.was_old else verdict.lost
        amiss.append(f"{_where(message_id, truth)} has an old text")
    elif said is not None and not row["text"].startswith(said.texts[-1]):
        verdict.lost.append(f"{_where(message_id, truth)} has another text: {row['text']!r}")


def _where(message_id: int, truth: Truth) -> str:
    world = truth.world
    said = truth.said.get(message_id)
    channel_id = said.channel_id if said else world.kept_messages[message_id].channel_id
    channel = world.channels.get(channel_id)
    place = f"#{channel.name} (kind {channel.type})" if channel else f"gone channel {channel_id}"
    if said is None:
        return f"{message_id} in {place}, a system message"
    when = f"said {said.said_at:%d %H:%M:%S}, {len(said.texts)} texts"
    if len(said.texts) > 1:
        when += f" until {said.touched_at:%d %H:%M:%S}"
    if said.gone_at:
        when += f", gone {said.gone_at:%d %H:%M:%S}"
    return f"{message_id} in {place}, {when}"


def _is_tracked(world: World, channel: Channel, choices: dict[int, bool]) -> bool:
    """Whether the program should follow it, by the sandbox's own reckoning of permissions."""
    guild = world.guild_of(channel)
    if guild is None or world.bot.id not in guild.members or not guild.available:
        return False
    if not world.may(world.bot.id, channel, _READ):
        return False
    for one in _with_parents(world, channel):
        if one.id in choices:
            return choices[one.id]
        if one.name == "daily-summary":
            return False
    return True


def _with_parents(world: World, channel: Channel) -> Iterator[Channel]:
    step: Channel | None = channel
    while step is not None:
        yield step
        step = world.channels.get(step.parent_id or 0)


def _judge_deleted(
    one: Said, where: str, truth: Truth, tracked: set[int], verdict: Verdict
) -> None:
    """A deleted text is there: whether the program could have known of it by now."""
    channel = truth.world.channels.get(one.channel_id)
    parent = truth.world.channels.get(truth.parents.get(one.channel_id, 0))
    nearest = channel or parent
    if nearest is not None and nearest.id not in tracked:
        return  # closed to the bot or ignored: nobody tells it
    amiss = verdict.waiting if channel is not None and one.was_old else verdict.left
    amiss.append(f"{_where(one.id, truth)}, in {where}")


def _judge_files(data: Path, truth: Truth, tracked: set[int], verdict: Verdict) -> None:
    """Words that are gone in the bytes of any file but a backup."""
    dead = {
        mark[3:].encode(): (one, number)
        for one in truth.said.values()
        for number, mark in enumerate(one.marks)
        if mark not in truth.quoted and (one.gone_at is not None or number < len(one.marks) - 1)
    }
    with closing(_opened(data / "guildwatch.db")) as database:
        # A report tells what was said when it was written, also where that was changed since.
        told = " ".join(body for (body,) in database.execute("SELECT body FROM reports"))
    for path in sorted(data.rglob("*")):
        if not path.is_file() or "backups" in path.parts:
            continue
        found = {match.group(1) for match in _MARK.finditer(path.read_bytes())}
        for mark in found & dead.keys():
            one, number = dead[mark]
            if one.gone_at is not None or one.marks[number][3:] not in told:
                where = f"{path.name} (text {number + 1}: {one.marks[number]})"
                _judge_deleted(one, where, truth, tracked, verdict)


def _judge_soundness(database: sqlite3.Connection, verdict: Verdict) -> None:
    found = [text for (text,) in database.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        verdict.broken += found
    with closing(sqlite3.connect(":memory:")) as copy:
        database.backup(copy)
        try:
            copy.execute(
                "INSERT INTO messages_fts (messages_fts, rank) VALUES ('integrity-check', 1)"
            )
        except sqlite3.DatabaseError:
            verdict.broken.append("the search index does not fit the messages")
    counted = dict(
        database.execute("SELECT guild_id, sum(messages) FROM activity GROUP BY guild_id")
    )
    stored = dict(
        database.execute(
            "SELECT guild_id, count(*) FROM messages WHERE text IS NOT NULL AND is_bot = 0 "
            "AND kind NOT IN ('command', 'system') GROUP BY guild_id"
        )
    )
    if counted != stored:
        verdict.broken.append(f"counts differ: {counted} counted, {stored} stored")


def _judge_ledger(
    database: sqlite3.Connection, world: World, places: Sequence[Place], verdict: Verdict
) -> None:
    rows = database.execute("SELECT * FROM ledger ORDER BY period_end").fetchall()
    keys = {_key(one) for one in rows}
    now = world.clock()
    for place in places:
        mine = [one for one in rows if one["guild_id"] == place.guild_id]
        days = [one for one in mine if one["kind"] == "day"]
        for one, following in pairwise(days):
            if one["period_end"] != following["period_start"]:
                verdict.periods.append(f"{_key(one)} is not followed by {_key(following)}")
        if not days or now - _moment(days[-1]["period_end"]) > timedelta(hours=51):
            verdict.periods.append(f"guild {place.guild_id} has periods that were not entered")
        for one in mine:
            _judge_entry(one, keys, verdict)
    for place in places:
        _judge_glances(database, world, place, rows, verdict)


def _judge_entry(one: sqlite3.Row, keys: set[str], verdict: Verdict) -> None:
    if one["state"] not in _FINAL:
        verdict.periods.append(f"{_key(one)} is still {one['state']} ({one['reason']})")
    elif one["state"] == "closed" and not one["reason"]:
        verdict.periods.append(f"{_key(one)} is closed without a reason")
    elif one["reason"].startswith("rolled up into "):
        if one["reason"].removeprefix("rolled up into ") not in keys:
            verdict.periods.append(f"{_key(one)} is {one['reason']}, which is not there")
    elif one["reason"].startswith("given up"):
        verdict.periods.append(f"{_key(one)} was {one['reason']}")


def _judge_glances(
    database: sqlite3.Connection,
    world: World,
    place: Place,
    rows: Sequence[sqlite3.Row],
    verdict: Verdict,
) -> None:
    """Every posted entry has exactly one glance, one thread, and each of its details once."""
    glances: dict[tuple[str, str], list[int]] = defaultdict(list)
    for id_ in world.channels[place.reports].message_ids:
        message = world.kept_messages[id_]
        if message.author_id == world.bot.id and message.embeds:
            embed = message.embeds[0]
            if embed.get("timestamp"):
                glances[embed["timestamp"], embed.get("title", "")].append(id_)
    verdict.posts += len(glances)
    for (stamp, title), ids in glances.items():
        if len(ids) > 1:
            verdict.duplicated.append(f"{len(ids)} glances of {title!r} ({stamp}): {ids}")
    mine = [one for one in rows if one["guild_id"] == place.guild_id]
    posted = [one for one in mine if one["state"] == "posted"]
    parts = database.execute(
        "SELECT * FROM ledger_parts WHERE guild_id = ?", (place.guild_id,)
    ).fetchall()
    ends = Counter(_stamp(stamp) for stamp, _ in glances)
    for one in posted:
        if not ends[_moment(one["period_end"])]:
            verdict.periods.append(f"{_key(one)} counts as posted and is not in Discord")
    for end in ends:
        if end not in {_moment(one["period_end"]) for one in mine if one["state"] in _FINAL}:
            verdict.periods.append(f"a report of {end} is in Discord and not in the ledger")
    for ids in glances.values():
        _judge_details(world, ids[0], parts, verdict)


def _judge_details(
    world: World, glance_id: int, parts: Sequence[sqlite3.Row], verdict: Verdict
) -> None:
    thread = world.channels.get(glance_id)
    if thread is None:
        return
    own = [
        world.kept_messages[id_]
        for id_ in thread.message_ids
        if world.kept_messages[id_].author_id == world.bot.id
        and world.kept_messages[id_].type in (0, 19)
    ]
    tried = [one for one in parts if one["channel_id"] == glance_id and one["attempted_at"]]
    known = [one for one in tried if one["message_id"] is not None]
    told = f"{len(own)} details under {glance_id}, {len(known)} in the ledger"
    if len(own) > len(tried):
        verdict.duplicated.append(told)
    elif len(own) < len(known):
        verdict.periods.append(told)


def _judge_posts(truth: Truth, places: Sequence[Place], verdict: Verdict) -> None:
    """No post cites what was never said."""
    world = truth.world
    ever = truth.said.keys() | world.kept_messages.keys()
    reports = {place.reports for place in places}
    for message in world.kept_messages.values():
        channel = world.channels.get(message.channel_id)
        if channel is None or not {channel.id, channel.parent_id} & reports:
            continue
        for _, channel_id, id_ in _LINK.findall(message.content + json.dumps(message.embeds)):
            if int(id_) not in ever:
                verdict.broken.append(f"a post cites {id_} in {channel_id}, which never was")


def _to_be_edited(database: sqlite3.Connection) -> set[int]:
    """The messages of posts that wait for Discord's limits, a permission or an open thread."""
    found = database.execute(
        "SELECT message_id FROM ledger_parts JOIN amendments USING (report_id) "
        "WHERE next_try IS NOT NULL"
    )
    return {message_id for (message_id,) in found}


def _judge_words_in_posts(
    truth: Truth, places: Sequence[Place], tracked: set[int], waiting: set[int], verdict: Verdict
) -> None:
    """No post cites what was deleted, or has words that were deleted or edited away."""
    dead = {
        mark: one
        for one in truth.said.values()
        for number, mark in enumerate(one.marks)
        if mark not in truth.quoted and (one.gone_at is not None or number < len(one.marks) - 1)
    }
    reports = {place.reports for place in places}
    for message in truth.world.kept_messages.values():
        channel = truth.world.channels.get(message.channel_id)
        is_post = channel is not None and {channel.id, channel.parent_id} & reports
        if not is_post or message.author_id != truth.world.bot.id or message.id in waiting:
            continue
        told = message.content + json.dumps(message.embeds)
        cited = (truth.said.get(int(id_)) for _, _, id_ in _LINK.findall(told))
        gone = [one for one in cited if one is not None and one.gone_at is not None]
        gone += [dead[mark] for mark in dead if mark in told]
        for one in gone:
            _judge_deleted(one, f"the post {message.id}", truth, tracked, verdict)


def _key(row: sqlite3.Row) -> str:
    return f"{row['guild_id']}:{row['kind']}:{row['period_end'] // 1_000_000}"


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def _stamp(text: str) -> datetime:
    return datetime.fromisoformat(text)
