"""What a message holds, as its reader sees it: words, files, and what kind of message it is.

Nothing here raises, whatever is missing, odd or new.
https://docs.discord.com/developers/resources/message
"""

from collections.abc import Iterator, Sequence

from guildwatch.discord.fields import Raw, bits, count, mapping, mappings, snowflake, text
from guildwatch.model import AttachmentKind, MessageKind

_DEFAULT, _REPLY, _POLL_RESULT = 0, 19, 46
_COMMANDS = (20, 23)  # the answers to a slash command and to a menu command
_FORWARDED = 1  # the type of a message reference
_EPHEMERAL, _VOICE, _COMPONENTS_V2 = 1 << 6, 1 << 13, 1 << 15
_TEXT_DISPLAY = 10  # the one kind of component that only shows words
_MOST_PARTS = 500  # components and snapshots looked at: Discord allows 40 and 1
_LONGEST = 20_000  # characters: a message has 4,000 and embeds of 6,000, a forward as many again
_MEDIA = {
    "image": AttachmentKind.IMAGE,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.AUDIO,
}
_SUFFIXES = {
    AttachmentKind.IMAGE: "apng avif bmp gif heic jpeg jpg png svg tiff webp",
    AttachmentKind.VIDEO: "avi m4v mkv mov mp4 webm",
    AttachmentKind.AUDIO: "aac flac m4a mp3 oga ogg opus wav",
}
_BY_SUFFIX = {suffix: kind for kind, all_ in _SUFFIXES.items() for suffix in all_.split()}


def kind(raw: Raw) -> MessageKind:
    """What the message is to us; every type that is not known is Discord's own, not talk."""
    number = raw.get("type", _DEFAULT)
    if number in _COMMANDS:
        return MessageKind.COMMAND
    if number not in (_DEFAULT, _REPLY):
        return MessageKind.SYSTEM
    if mapping(raw.get("message_reference")).get("type") == _FORWARDED or _snapshots(raw):
        return MessageKind.FORWARD
    if mapping(raw.get("poll")):
        return MessageKind.POLL
    return MessageKind.REPLY if number == _REPLY else MessageKind.DEFAULT


def is_by_bot(raw: Raw) -> bool:
    """Whether a bot or a webhook wrote it."""
    return mapping(raw.get("author")).get("bot") is True or raw.get("webhook_id") is not None


def is_ephemeral(raw: Raw) -> bool:
    """Whether a single person sees it, so that nobody else may read it here."""
    return bool(bits(raw.get("flags")) & _EPHEMERAL)


def words(raw: Raw) -> str:
    """What a reader sees: its text, a forward's, a poll's, a bot's embeds and components.

    A thread's first message shows another message's text, which stands where that one is. What is
    longer than Discord lets anything be ends with `[…]`.
    """
    parts = [text(raw.get("content"))]
    if is_by_bot(raw):
        parts += _embedded(raw)
    parts += _displayed(raw)
    for one in _snapshots(raw):
        said = text(one.get("content"))
        parts += [said] if said else _embedded(one)
        parts += _displayed(one)
    if poll := mapping(raw.get("poll")):
        parts += _asked(poll)
    if raw.get("type") == _POLL_RESULT:
        parts += _counted(raw)
    whole = "\n".join(part for part in parts if part)
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]} […]"


def attachment_kinds(raw: Raw) -> tuple[AttachmentKind, ...]:
    """What each attachment is, in a forwarded message too."""
    return tuple(
        _attachment_kind(file, one)
        for one in _parts(raw)
        for file in mappings(one.get("attachments"))
    )


def stickers(raw: Raw) -> int:
    """How many stickers it has, in a forwarded message too."""
    return sum(
        sum(1 for _ in mappings(one.get("sticker_items") or one.get("stickers")))
        for one in _parts(raw)
    )


def reactions(raw: Raw) -> int:
    """How many reactions it has, of all emoji together, super reactions among them."""
    told = raw.get("reactions")
    return count(sum(count(one.get("count")) for one in mappings(told))) if told else 0


def reply_to(raw: Raw) -> int | None:
    """The message that it answers, be that deleted or not; None where it answers none."""
    if raw.get("type") != _REPLY or kind(raw) is not MessageKind.REPLY:
        return None
    return snowflake(mapping(raw.get("message_reference")).get("message_id"))


def mentions(raw: Raw) -> Iterator[Raw]:
    """The users mentioned, in a forwarded message too."""
    for one in _parts(raw):
        yield from mappings(one.get("mentions"))


def _attachment_kind(file: Raw, message: Raw) -> AttachmentKind:
    if bits(message.get("flags")) & _VOICE:
        return AttachmentKind.VOICE
    media = text(file.get("content_type"))
    if media:
        return _MEDIA.get(media.partition("/")[0].strip().lower(), AttachmentKind.OTHER)
    suffix = text(file.get("filename")).rpartition(".")[2].lower()
    return _BY_SUFFIX.get(suffix, AttachmentKind.OTHER)


def _parts(raw: Raw) -> Sequence[Raw]:
    return [raw, *_snapshots(raw)]


def _snapshots(raw: Raw) -> Sequence[Raw]:
    """The forwarded messages, and what those forwarded in turn, outer ones first."""
    if not raw.get("message_snapshots"):
        return ()
    found: list[Raw] = []
    waiting = [raw]
    while waiting and len(found) < _MOST_PARTS:
        inner = [
            mapping(one.get("message")) for one in mappings(waiting.pop().get("message_snapshots"))
        ]
        found += inner
        waiting += inner[::-1]
    return found


def _embedded(raw: Raw) -> Iterator[str]:
    """The words of rich embeds, which only bots write; what others have are links' previews."""
    for embed in mappings(raw.get("embeds")):
        if embed.get("type", "rich") != "rich":
            continue
        yield text(mapping(embed.get("author")).get("name"))
        yield text(embed.get("title"))
        yield text(embed.get("description"))
        for field in mappings(embed.get("fields")):
            yield text(field.get("name"))
            yield text(field.get("value"))
        yield text(mapping(embed.get("footer")).get("text"))


def _displayed(raw: Raw) -> Sequence[str]:
    """The words of a message that is made of components, in the order in which they stand."""
    if not bits(raw.get("flags")) & _COMPONENTS_V2:
        return ()
    found: list[str] = []
    waiting = [*mappings(raw.get("components"))][::-1]
    for _ in range(_MOST_PARTS):
        if not waiting:
            break
        component = waiting.pop()
        if component.get("type") == _TEXT_DISPLAY:
            found.append(text(component.get("content")))
        waiting += [*mappings(component.get("components"))][::-1]
    return found


def _asked(poll: Raw) -> Iterator[str]:
    """A poll's question, and each answer on a line of its own."""
    yield text(mapping(poll.get("question")).get("text"))
    for answer in mappings(poll.get("answers")):
        media = mapping(answer.get("poll_media"))
        said = text(media.get("text")) or text(mapping(media.get("emoji")).get("name"))
        yield f"- {said}" if said else ""


def _counted(raw: Raw) -> Iterator[str]:
    """A poll's result: its question, and the winning answer with its share of the votes.

    https://docs.discord.com/developers/resources/message#embed-fields-by-embed-type-poll-result-embed-fields
    """
    for embed in mappings(raw.get("embeds")):
        fields = {
            text(one.get("name")): text(one.get("value")) for one in mappings(embed.get("fields"))
        }
        yield fields.get("poll_question_text", "")
        won = fields.get("victor_answer_text") or fields.get("victor_answer_emoji_name", "")
        votes = f"{fields.get('victor_answer_votes', '0')}/{fields.get('total_votes', '0')}"
        yield f"- {won} ({votes})" if won else f"({votes})"
