"""Messages as the bot sends them: every limit that Discord puts on one.

https://docs.discord.com/developers/resources/message#embed-object-embed-limits
"""

import itertools
from collections.abc import Iterator, Mapping

from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.messages import Attachment, Draft, MessageFlag, Poll

CONTENT_MOST = 2000
_EMBEDS_MOST = 10
_EMBED_TEXT_MOST = 6000
_SETTABLE = (
    MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.SUPPRESS_NOTIFICATIONS
    | MessageFlag.COMPONENTS_V2
    | MessageFlag.EPHEMERAL
)
_ROW, _BUTTON, _TEXT_INPUT, _LABEL = 1, 2, 4, 18
_SELECTS = (3, 5, 6, 7, 8)
_LINK, _PREMIUM = 5, 6


def draft(form: Form, files: Mapping[int, Attachment]) -> Draft:
    """A new message from a body; raises 50035 with all that is wrong with it."""
    made = Draft(
        content=form.text("content", most=CONTENT_MOST) or "",
        embeds=_embeds(form),
        attachments=_uploads(form, files),
        components=_components(form),
        flags=(form.integer("flags") or 0) & _SETTABLE,
        nonce=_nonce(form),
        enforce_nonce=form.flag("enforce_nonce"),
        allowed_mentions=_allowed_mentions(form),
        poll=_poll(form),
    )
    _refer(form, made)
    form.snowflakes("sticker_ids", most=3)
    form.check()
    return made


def changes(form: Form, files: Mapping[int, Attachment]) -> Json:
    """What an edit changes, for `World.revise`; only fields that are there."""
    changed: Json = {}
    if "content" in form:
        changed["content"] = form.text("content", most=CONTENT_MOST) or ""
        changed["allowed_mentions"] = _allowed_mentions(form)
    if "embeds" in form:
        changed["embeds"] = _embeds(form)
    if "components" in form:
        changed["components"] = _components(form)
    if form.body.get("flags") is not None:
        changed["flags"] = (form.integer("flags") or 0) & _SETTABLE
    if "attachments" in form:
        changed["keep"] = [one for one in _attachment_ids(form) if one not in files]
    if files:
        changed["uploads"] = _uploads(form, files)
    form.check()
    return changed


def _embeds(form: Form) -> list[Json]:
    total = 0
    found = form.children("embeds", most=_EMBEDS_MOST)
    for embed in found:
        total += _embed(embed)
    if total > _EMBED_TEXT_MOST:
        form.fault("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    return [embed.body for embed in found]


def _embed(embed: Form) -> int:
    """Check an embed; gives how many characters of the total it takes."""
    texts = [
        embed.text("title", most=256),
        embed.text("description", most=4096),
    ]
    embed.integer("color", least=0, most=0xFFFFFF)
    embed.moment("timestamp")
    footer, author = embed.child("footer"), embed.child("author")
    if footer is not None:
        texts.append(footer.text("text", most=2048, required=True))
    if author is not None:
        texts.append(author.text("name", most=256, required=True))
    for field in embed.children("fields", most=25):
        texts.append(field.text("name", least=1, most=256, required=True))
        texts.append(field.text("value", least=1, most=1024, required=True))
    for name in ("image", "thumbnail"):
        picture = embed.child(name)
        if picture is not None:
            _url(picture, "url", ("http", "https", "attachment"))
    _url(embed, "url", ("http", "https"))
    return sum(len(text.strip()) for text in texts if text)


def _url(form: Form, name: str, schemes: tuple[str, ...]) -> None:
    value = form.text(name, most=2048)
    if value is not None and value.partition("://")[0] not in schemes:
        told = ", ".join(f"'{scheme}'" for scheme in schemes)
        form.fault(name, "URL_TYPE_INVALID_SCHEME", f"Scheme must be one of ({told}).")


def _uploads(form: Form, files: Mapping[int, Attachment]) -> list[Attachment]:
    if len(files) > 10:
        form.fault("files", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    told = {one.integer("id"): one for one in form.children("attachments", most=10)}
    named = []
    for number, file in sorted(files.items()):
        about = told.get(number)
        description = about.text("description", most=1024) if about else None
        filename = (about.text("filename") if about else None) or file.filename
        named.append(Attachment(filename, file.data, file.content_type, description))
    return named


def _attachment_ids(form: Form) -> list[int]:
    return [one.snowflake("id", required=True) or 0 for one in form.children("attachments")]


def _nonce(form: Form) -> str | None:
    nonce = form.body.get("nonce")
    if nonce is None:
        return None
    return form.text("nonce", most=25)


def _allowed_mentions(form: Form) -> Json | None:
    allowed = form.child("allowed_mentions")
    if allowed is None:
        return None
    for name in ("users", "roles"):
        named = allowed.snowflakes(name, most=100)
        if named and name in allowed.listing("parse"):
            form.fault(
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.',
            )
    return allowed.body


def _refer(form: Form, made: Draft) -> None:
    reference = form.child("message_reference")
    if reference is None:
        return
    message_id = reference.snowflake("message_id", required=True)
    kind = reference.choice("type", (0, 1)) or 0
    if kind == 1:
        made.forward = message_id
    else:
        made.reply_to = message_id
        made.must_exist = reference.flag("fail_if_not_exists", default=True)


def _poll(form: Form) -> Poll | None:
    poll = form.child("poll")
    if poll is None:
        return None
    question = poll.child("question")
    answers = [one.child("poll_media") for one in poll.children("answers", least=1, most=10)]
    return Poll(
        (question.text("text", least=1, most=300) if question else None) or "",
        [(one.text("text", least=1, most=55) if one else None) or "" for one in answers],
        hours=poll.integer("duration", least=1, most=768) or 24,
        several=poll.flag("allow_multiselect"),
    )


def _components(form: Form) -> list[Json]:
    v2 = bool((form.body.get("flags") or 0) & MessageFlag.COMPONENTS_V2)
    rows = form.children("components", most=40 if v2 else 5)
    seen: set[str] = set()
    for row in rows:
        if not v2 and row.body.get("type") != _ROW:
            row.fault("type", "BASE_TYPE_CHOICES", "Value must be one of (1,).")
        _component(row, seen)
    if v2 and (form.body.get("content") or form.body.get("embeds")):
        message = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
        form.fault("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    return numbered([row.body for row in rows])


def numbered(components: list[Json], numbers: Iterator[int] | None = None) -> list[Json]:
    """The components as Discord gives them back: each with an id within its message."""
    numbers = numbers or itertools.count(1)
    told = []
    for component in components:
        one = {"id": next(numbers), **component}
        if "components" in one:
            one["components"] = numbered(one["components"], numbers)
        for name in ("accessory", "component"):
            if one.get(name):
                one[name] = numbered([one[name]], numbers)[0]
        told.append(one)
    return told


def _component(component: Form, seen: set[str]) -> None:
    kind = component.integer("type", required=True)
    if kind == _BUTTON:
        _button(component, seen)
    elif kind in _SELECTS:
        _custom_id(component, seen)
        component.text("placeholder", most=150)
        for option in component.children("options", most=25):
            option.text("label", least=1, most=100, required=True)
            option.text("value", least=1, most=100, required=True)
            option.text("description", most=100)
    elif kind == _TEXT_INPUT:
        _custom_id(component, seen)
        component.text("label", most=45)
    inner = component.child("accessory") or component.child("component")
    for child in (*component.children("components", most=40), *filter(None, [inner])):
        _component(child, seen)
    if kind == _ROW and len(component.listing("components")) > 5:
        component.fault("components", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")


def _button(button: Form, seen: set[str]) -> None:
    style = button.choice("style", range(1, 7), required=True)
    button.text("label", most=80)
    if style == _LINK:
        _url(button, "url", ("http", "https", "discord"))
    elif style != _PREMIUM:
        _custom_id(button, seen)


def _custom_id(component: Form, seen: set[str]) -> None:
    custom_id = component.text("custom_id", least=1, most=100, required=True)
    if custom_id is not None and custom_id in seen:
        component.fault(
            "custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        )
    seen.add(custom_id or "")
