"""Every wall that a member can post stands on the screen without tearing it."""

from dataclasses import replace

from guildwatch.console.feed import Feed
from guildwatch.discord import payloads
from support.inertness import unseen
from support.walls import payloads as walls

GENERAL, FORGE = 1101, 1000


async def test_no_wall_tears_the_screen_or_commands_the_terminal(scene):
    async with scene.parts():
        for raw in walls().values():
            message = payloads.message(raw)
            home = scene.message("", GENERAL)
            await scene.happen(replace(message, id=home.id, guild_id=FORGE, channel_id=GENERAL))
        async with scene.console(120, 36) as terminal:
            await terminal.until(lambda: len(terminal.app.screen.query_one(Feed).rows) > 90)
            for size in ((120, 36), (80, 24), (40, 12)):
                await terminal.resize(*size)
                feed = terminal.app.screen.query_one(Feed)
                for top in range(0, len(feed.rows), feed.size.height):
                    feed.scroll_to(y=top, animate=False, immediate=True)
                    await terminal.pilot.pause(0)
                    assert len(terminal.rows) == size[1]  # and each is as wide as the terminal
                    assert list(unseen(terminal.text)) == []
            picture = terminal.app.export_screenshot()
            assert not set(picture) & set("\x00\x07\x1b\x9b\u202e\u2067")
