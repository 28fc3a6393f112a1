"""What the feed and the tree say of messages without words, and of posts with tags."""

from dataclasses import replace

import pytest

from guildwatch.console.wording import carried
from guildwatch.model import AttachmentKind, Author, Channel, ChannelKind, Message, MessageKind, Tag

IMAGE, VOICE, OTHER = AttachmentKind.IMAGE, AttachmentKind.VOICE, AttachmentKind.OTHER


def message(*kinds, attachments=None, stickers=0):
    held = len(kinds) if attachments is None else attachments
    return Message(
        1, 1, 1, Author(1, "Ada"), "", attachments=held, stickers=stickers, attachment_kinds=kinds
    )


@pytest.fixture
async def morning(scene):
    async with scene.parts():
        yield scene


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (message(IMAGE), "image"),
        (message(IMAGE, IMAGE, OTHER), "2 images, file"),
        (message(VOICE), "voice message"),
        (message(stickers=1), "sticker"),
        (
            message(AttachmentKind.VIDEO, AttachmentKind.AUDIO, stickers=2),
            "video, sound, 2 stickers",
        ),
        (message(attachments=3), "3 files"),
        (message(), ""),
    ],
)
def test_what_a_message_holds_is_said_in_words(one, told):
    assert carried(one) == told


async def test_a_message_without_words_says_what_it_holds(morning):
    kinds = {"attachments": 2, "attachment_kinds": (IMAGE, IMAGE)}
    async with morning.console() as terminal:
        await morning.say("", **kinds)
        await terminal.shows("[2 images]")
        await morning.say("look", **kinds)
        await terminal.shows("look 📎2")
        await morning.say("", kind=MessageKind.FORWARD, attachments=1, attachment_kinds=(VOICE,))
        await terminal.shows("↪ [voice message]")
        await morning.say("", kind=MessageKind.SYSTEM)
        await terminal.shows("(system message)")
        await morning.say("")
        await terminal.shows("(no words)")


async def test_a_forums_post_stands_in_the_tree_with_its_tags(morning):
    guild = morning.forge()
    tags = (Tag(1, "open"), Tag(2, "done"), Tag(3, "wip"))
    forum = Channel(1200, guild.id, "ideas", ChannelKind.FORUM, tags=tags)
    post = Channel(1201, guild.id, "A lamp", ChannelKind.PUBLIC_THREAD, 1200, applied_tag_ids=(3,))
    async with morning.console() as terminal:
        await morning.view.roster.put_guild(
            replace(guild, channels=(*guild.channels, forum, post)),
            morning.view.roster.bot_member(guild.id),
        )
        await terminal.shows("↳ A lamp · wip")


async def test_a_secret_in_the_title_of_a_post_stands_nowhere(morning):
    guild = morning.forge()
    forum = Channel(1200, guild.id, "ideas", ChannelKind.FORUM)
    title = "ask jo.miller77@privatmail.org"
    post = Channel(1201, guild.id, title, ChannelKind.PUBLIC_THREAD, 1200)
    async with morning.console() as terminal:
        await morning.view.roster.put_guild(
            replace(guild, channels=(*guild.channels, forum, post)),
            morning.view.roster.bot_member(guild.id),
        )
        await morning.say("who has the lamp?", 1201)
        await terminal.shows("who has the lamp?")
        await terminal.shows("↳ ask [")
        assert "miller77" not in terminal.text
