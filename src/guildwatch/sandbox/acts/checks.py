"""What a message must be before it is taken, whoever writes it."""

from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.messages import Draft, MessageFlag

_CONTENT_MOST = 2000


def check_form(draft: Draft) -> None:
    """Raise what is wrong with a new message: too long, empty, no voice message."""
    check_length(draft.content)
    if draft.flags & MessageFlag.VOICE:
        _check_voice(draft)
    parts = (draft.content.strip(), draft.embeds, draft.attachments, draft.components)
    if not any((*parts, draft.stickers, draft.poll, draft.forward)):
        raise RefusedError(Kind.EMPTY_MESSAGE)


def check_length(content: str) -> None:
    """Raise 50035 for a text that is too long."""
    form = Form({"content": content})
    form.text("content", most=_CONTENT_MOST)
    form.check()


def _check_voice(draft: Draft) -> None:
    """A voice message is one sound and nothing else.

    https://docs.discord.com/developers/resources/message#voice-messages
    """
    if draft.content or draft.embeds or draft.stickers or draft.poll:
        raise RefusedError(Kind.VOICE_WITH_MORE)
    if [one.media_type.startswith("audio/") for one in draft.attachments] != [True]:
        raise RefusedError(Kind.VOICE_NOT_SINGLE)
    if draft.attachments[0].seconds is None:
        raise RefusedError(Kind.VOICE_WITHOUT_METADATA)
