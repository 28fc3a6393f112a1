"""`guildwatch run` from outside: what stops it from starting, and that stopping loses nothing."""

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from guildwatch.sandbox import Intent
from guildwatch.store import Store
from support.program import PATIENCE, guildwatch, started, until
from support.town import Town


def texts(data_dir: str) -> list[str]:
    path = Path(data_dir) / "guildwatch.db"
    if not path.exists():
        return []
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return [text for (text,) in database.execute("SELECT text FROM messages ORDER BY id")]
    except sqlite3.OperationalError:  # it is just being made
        return []
    finally:
        database.close()


async def test_it_reads_what_was_said_before_and_keeps_what_is_said_now(
    town: Town, address: dict[str, str]
) -> None:
    town.world.say(town.ada, town.general, "before anybody listened")
    async with started("run", **address) as process:

        async def has_settled() -> bool:
            return texts(address["GUILDWATCH_DATA_DIR"]) == ["before anybody listened"]

        await until(has_settled)
        town.world.say(town.ada, town.general, "and now")

        async def has_heard() -> bool:
            return len(texts(address["GUILDWATCH_DATA_DIR"])) == 2

        await until(has_heard)
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0
    assert texts(address["GUILDWATCH_DATA_DIR"]) == ["before anybody listened", "and now"]


@pytest.mark.long
async def test_the_last_words_before_stopping_are_written(
    town: Town, address: dict[str, str]
) -> None:
    async with started("run", **address) as process:

        async def has_come() -> bool:
            return town.server.gateway.connected > 0

        await until(has_come)
        for number in range(300):
            town.world.say(town.ada, town.general, f"message {number}")
        await asyncio.sleep(0)

        async def has_begun() -> bool:
            return len(texts(address["GUILDWATCH_DATA_DIR"])) > 0

        await until(has_begun)
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    async with started("run", **address) as process:

        async def has_all() -> bool:
            return len(texts(address["GUILDWATCH_DATA_DIR"])) == 300

        await until(has_all)
    kept = texts(address["GUILDWATCH_DATA_DIR"])
    assert kept == [f"message {number}" for number in range(300)]


async def test_a_wrong_token_is_told_with_its_remedy(address: dict[str, str]) -> None:
    ended = await guildwatch("run", **(address | {"GUILDWATCH_DISCORD__TOKEN": "wrong.token.x"}))
    assert ended.code == 1
    assert "refused the token" in ended.err
    assert "Traceback" not in ended.err
    assert "wrong.token.x" not in ended.err


@pytest.mark.long
async def test_a_missing_intent_is_told_with_its_remedy(
    town: Town, address: dict[str, str]
) -> None:
    town.world.application.privileged = Intent(0)
    ended = await guildwatch("run", **address)
    assert ended.code == 1
    assert "Message Content" in ended.err
    assert "Developer Portal" in ended.err


async def test_an_unreachable_discord_is_told_with_its_address_and_waited_for(
    town: Town, address: dict[str, str]
) -> None:
    town.server.go_away()
    async with started("run", **address) as process:
        assert process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while town.server.url not in (line := (await process.stderr.readline()).decode()):
                assert line
        assert "does not answer" in line or "broke off" in line
        town.server.come_back()
        town.world.say(town.ada, town.general, "at last")

        async def has_heard() -> bool:
            return texts(address["GUILDWATCH_DATA_DIR"]) == ["at last"]

        await until(has_heard)
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0


async def test_a_second_instance_is_refused_at_once_and_the_first_goes_on(
    town: Town, address: dict[str, str]
) -> None:
    async with started("run", **address) as first:

        async def has_come() -> bool:
            return town.server.gateway.connected > 0

        await until(has_come)
        second = await guildwatch("run", **address)
        assert second.code == 1
        assert "Another guildwatch" in second.err
        assert first.returncode is None


async def test_a_kill_frees_the_lock(town: Town, address: dict[str, str]) -> None:
    async def has_come() -> bool:
        return town.server.gateway.connected > 0

    async with started("run", **address):
        await until(has_come)

    async def has_gone() -> bool:
        return town.server.gateway.connected == 0

    await until(has_gone)
    async with started("run", **address):
        await until(has_come)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="a folder below a file is POSIX's case")
async def test_a_folder_that_cannot_be_made_is_told(
    address: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    nowhere = {"GUILDWATCH_DATA_DIR": str(tmp_path / "file" / "data")}
    ended = await guildwatch("run", **(address | nowhere))
    assert ended.code == 1
    assert "--data-dir" in ended.err


@pytest.mark.long
async def test_a_database_of_a_newer_program_is_left_alone(
    address: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    path = tmp_path / "data" / "guildwatch.db"
    async with Store.open(path):
        pass
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 9999")
    database.close()
    before = path.read_bytes()
    ended = await guildwatch("run", **address)
    assert ended.code == 1
    assert "newer guildwatch" in ended.err
    assert path.read_bytes() == before


@pytest.mark.long
async def test_the_token_is_in_no_file(town: Town, address: dict[str, str]) -> None:
    async with started("run", GUILDWATCH_LOG__LEVEL="DEBUG", **address) as process:

        async def has_come() -> bool:
            return town.server.gateway.connected > 0

        await until(has_come)
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
    token = town.server.token.encode()
    assert token not in out + err
    files = [path for path in Path(address["GUILDWATCH_DATA_DIR"]).rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if token in path.read_bytes()]
