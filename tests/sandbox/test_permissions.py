from datetime import timedelta

import pytest

from guildwatch.model import Overwrite
from guildwatch.sandbox import Kind, Permission, RefusedError

P = Permission


def allow(id_, bits, is_member=False):
    return Overwrite(id_, is_member=is_member, allow=int(bits), deny=0)


def deny(id_, bits, is_member=False):
    return Overwrite(id_, is_member=is_member, allow=0, deny=int(bits))


def test_a_role_opens_what_is_closed_to_everyone(place):
    role = place.world.add_role(place.guild, "Keepers", 0)
    place.world.set_roles(place.guild, place.ben, [role])
    closed = deny(place.guild, P.VIEW_CHANNEL)
    place.world.set_overwrites(place.general, [closed, allow(role, P.VIEW_CHANNEL)])
    assert place.world.views(place.ben, place.world.channel(place.general))
    assert not place.world.views(place.world.bot.id, place.world.channel(place.general))


def test_among_roles_an_allow_beats_a_deny(place):
    first = place.world.add_role(place.guild, "One", 0)
    second = place.world.add_role(place.guild, "Two", 0)
    place.world.set_roles(place.guild, place.ben, [first, second])
    exceptions = [allow(first, P.VIEW_CHANNEL), deny(second, P.VIEW_CHANNEL)]
    place.world.set_overwrites(place.general, exceptions)
    assert place.world.views(place.ben, place.world.channel(place.general))


def test_a_members_own_overwrite_has_the_last_word(place):
    own = deny(place.ben, P.VIEW_CHANNEL, is_member=True)
    place.world.set_overwrites(place.general, [allow(place.guild, P.VIEW_CHANNEL), own])
    assert not place.world.views(place.ben, place.world.channel(place.general))


def test_owners_and_administrators_may_all(place):
    admin = place.world.add_role(place.guild, "Admin", P.ADMINISTRATOR)
    place.world.set_roles(place.guild, place.ben, [admin])
    staff = place.world.channel(place.staff)
    assert place.world.may(place.ada, staff, P.MANAGE_CHANNELS)
    assert place.world.may(place.ben, staff, P.MANAGE_CHANNELS)


def test_who_may_not_view_may_nothing(place):
    closed = deny(place.guild, P.VIEW_CHANNEL)
    place.world.set_overwrites(place.general, [closed])
    assert place.world.permissions(place.ben, place.world.channel(place.general)) == 0


def test_a_timed_out_member_only_reads(place):
    place.world.time_out(place.guild, place.ben, timedelta(minutes=5))
    general = place.world.channel(place.general)
    assert place.world.permissions(place.ben, general) == P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
    with pytest.raises(RefusedError) as refused:
        place.world.say(place.ben, place.general, "Let me speak")
    assert refused.value.code == Kind.MISSING_PERMISSIONS.value[1]


def test_a_private_thread_is_seen_by_its_members_and_by_who_manages_threads(place):
    cleo = place.world.add_user("cleo")
    place.world.add_member(place.guild, cleo)
    thread_id = place.world.open_thread(place.ben, place.general, "Secret", private=True)
    thread = place.world.channel(thread_id)
    assert place.world.views(place.ben, thread)
    assert place.world.views(place.ada, thread)
    assert not place.world.views(cleo, thread)
    place.world.add_to_thread(thread_id, cleo)
    assert place.world.views(cleo, thread)


def test_a_thread_asks_for_the_thread_permission_not_the_channels(place):
    thread = place.world.open_thread(place.ben, place.general, "Side", first_text="Hi")
    place.world.set_overwrites(place.general, [deny(place.guild, P.SEND_MESSAGES)])
    place.world.say(place.ben, thread, "still fine")
    with pytest.raises(RefusedError):
        place.world.say(place.ben, place.general, "not here")


def test_who_is_not_in_the_guild_has_no_access(place):
    stranger = place.world.add_user("stranger")
    with pytest.raises(RefusedError) as refused:
        place.world.say(stranger, place.general, "Hello?")
    assert refused.value.code == Kind.MISSING_ACCESS.value[1]
