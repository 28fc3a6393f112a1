"""How Discord says no: its JSON error codes and its shape of form errors.

https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from enum import Enum
from typing import Any

from guildwatch.model import GuildwatchError

Json = dict[str, Any]
"""A JSON object as it travels over the wire."""


class Kind(Enum):
    """What is refused: HTTP status, Discord's error code, Discord's words."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    UNKNOWN_APPLICATION = (404, 10002, "Unknown Application")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_OVERWRITE = (404, 10009, "Unknown Permission Overwrite")
    UNKNOWN_ROLE = (404, 10011, "Unknown Role")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_EMOJI = (400, 10014, "Unknown Emoji")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    OLD_EDITS = (
        429,
        30046,
        "Maximum number of edits to messages older than 1 hour reached. Try again later",
    )
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    WRONG_CHANNEL_TYPE = (400, 50024, "Cannot execute action on this channel type")
    NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CLOSED_DM = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    TOO_FEW_MESSAGES = (
        400,
        50016,
        "Provided too few or too many messages to delete.",
    )
    SYSTEM_MESSAGE = (403, 50021, "Cannot execute action on a system message")
    INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
    TOO_OLD_TO_DELETE = (
        400,
        50034,
        "You can only bulk delete messages that are under 14 days old.",
    )
    INVALID_FORM = (400, 50035, "Invalid Form Body")
    FILE_TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_CROSSPOSTED = (400, 40033, "This message has already been crossposted.")
    VOICE_WITH_MORE = (400, 50159, "Voice messages do not support additional content.")
    VOICE_NOT_SINGLE = (400, 50160, "Voice messages must have a single audio attachment.")
    VOICE_WITHOUT_METADATA = (400, 50161, "Voice messages must have supporting metadata.")
    POLL_EXPIRED = (400, 520001, "Poll expired")
    THREAD_ARCHIVED = (400, 50083, "Thread is archived")
    NO_USER_AGENT = (403, 40333, "internal network error")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    NO_HISTORY_FOR_REPLY = (
        400,
        160002,
        "Cannot reply without permission to read message history",
    )
    THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")
    THREAD_LOCKED = (400, 160005, "Thread is locked")


class RefusedError(GuildwatchError):
    """Discord's no, with what it puts into the body of its answer."""

    def __init__(self, kind: Kind, errors: Json | None = None) -> None:
        self.status, self.code, self.message = kind.value
        self.errors = errors
        super().__init__(f"Discord refused: {self.message} ({self.code}){_told(errors)}.")

    @property
    def body(self) -> Json:
        """The JSON that Discord answers with."""
        body: Json = {"message": self.message, "code": self.code}
        return body if self.errors is None else {**body, "errors": self.errors}


def _told(errors: Json | None) -> str:
    return "" if errors is None else f" {errors}"
