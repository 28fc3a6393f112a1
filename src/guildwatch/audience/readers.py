"""Whether everybody who could see one channel could read another: §7's two-role rule, in bits.

For one permission in one channel each role has one of four ranks:

    0 says nothing    1 grants it from its guild-wide permissions
    2 is denied it by an overwrite    3 is allowed it by an overwrite

and a member holds the permission exactly if the highest rank among their roles is 1 or 3, because
any allow beats every deny and any deny beats every guild-wide grant. So a member is the maximum of
their roles in each of the two channels, two roles are enough to reach any such pair of maxima
(which is why sets of two roles prove it for members with any number of them), and it does not
matter which roles there are, only which pairs of ranks occur.

Cost: for each source three permissions times sixteen ANDs of integers with one bit a role; some
milliseconds for 250 roles and 500 channels, where trying the pairs of roles takes minutes.
"""

from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import or_

from guildwatch.audience.permissions import Permissions
from guildwatch.model import Channel, Guild

READING = (Permissions.VIEW_CHANNEL, Permissions.READ_MESSAGE_HISTORY, Permissions.CONNECT)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How one permission stands in one channel.

    `floor` is the rank of @everyone (0 or 1), `ranks` has for each rank the set of roles that have
    it, a bit a role; `allowed` and `denied` are the people with an overwrite of their own.
    """

    floor: int
    ranks: tuple[int, int, int, int]
    allowed: frozenset[int]
    denied: frozenset[int]

    def among(self, roles: int) -> "_Standing":
        """The same where there are only these roles, a bit a role."""
        silent, granted, denied, allowed = (rank & roles for rank in self.ranks)
        return replace(self, ranks=(silent, granted, denied, allowed))

    def can_be(self, held: bool) -> bool:
        """Whether some set of roles has the permission (or lacks it)."""
        reached = {max(rank, self.floor) for rank, roles in enumerate(self.ranks) if roles}
        return any(rank % 2 == held for rank in reached | {self.floor})


class Readers:
    """All the people who could possibly see one channel, now or after roles are handed out."""

    def __init__(self, guild: Guild, target: Channel) -> None:
        self._owner = guild.owner_id
        self._everyone = guild.id
        self._base = next(role.permissions for role in guild.roles if role.id == guild.id)
        self._bits, self._grants = _roles_as_bits(guild)
        known = (self._bits.get(role.id, 0) for role in guild.roles)
        self._known = reduce(or_, known, 0) | self._of_overwrites(target)
        self._viewing = self._standing(target, Permissions.VIEW_CHANNEL)

    def all_hold(self, needed: Permissions, source: Channel) -> bool:
        """Whether each of them holds all the `needed` permissions in `source`."""
        if self._base & Permissions.ADMINISTRATOR:
            return True
        roles = self._known | self._of_overwrites(source)
        viewing = self._viewing.among(roles)
        return not any(
            _leaks(viewing, self._standing(source, permission).among(roles), self._owner)
            for permission in READING
            if permission in needed
        )

    def _of_overwrites(self, channel: Channel) -> int:
        """The roles that a channel's overwrites speak of."""
        named = (self._bits.get(one.id, 0) for one in channel.overwrites if not one.is_member)
        return reduce(or_, named, 0)

    def _standing(self, channel: Channel, permission: Permissions) -> _Standing:
        granted, floor = self._grants[permission], int(bool(self._base & permission))
        allowing = denying = 0
        allowed: set[int] = set()
        denied: set[int] = set()
        for one in channel.overwrites:
            allows, denies = bool(one.allow & permission), bool(one.deny & permission)
            if not (allows or denies):
                continue
            if one.is_member:
                (allowed if allows else denied).add(one.id)
            elif one.id == self._everyone:
                granted, floor = 0, int(allows)
            elif allows:
                allowing |= self._bits.get(one.id, 0)
            else:
                denying |= self._bits.get(one.id, 0)
        denying &= ~allowing
        granted &= ~(allowing | denying)
        silent = self._grants[Permissions.NONE] & ~(allowing | denying | granted)
        ranks = (silent, granted, denying, allowing)
        return _Standing(floor, ranks, frozenset(allowed), frozenset(denied - allowed))


def _roles_as_bits(guild: Guild) -> tuple[dict[int, int], dict[Permissions, int]]:
    """Each role's bit, and for each permission the bits of the roles that grant it guild-wide.

    NONE, which every role "grants", has them all. Roles with ADMINISTRATOR are left out: who has
    one sees everything and cannot make a leak. An overwrite for a role that we do not know of
    stands for the worst that role could be: one that grants nothing, and one that opens channels.
    It counts for the channels that it stands on: others must not tell that it is there.
    """
    known = {role.id for role in guild.roles}
    strange = {
        one.id
        for channel in guild.channels
        for one in channel.overwrites
        if not one.is_member and one.id not in known
    }
    roles = [(role.id, role.permissions) for role in guild.roles if role.id != guild.id]
    roles += [(id_, held) for id_ in strange for held in (0, int(Permissions.VIEW_CHANNEL))]
    bits: dict[int, int] = {}
    grants = dict.fromkeys((Permissions.NONE, *READING), 0)
    for index, (id_, held) in enumerate(roles):
        if held & Permissions.ADMINISTRATOR:
            continue
        bits[id_] = bits.get(id_, 0) | 1 << index
        for permission in grants:
            if held & permission == permission:
                grants[permission] |= 1 << index
    return bits, grants


def _leaks(target: _Standing, source: _Standing, owner: int) -> bool:
    """Whether somebody could see the target and lack this permission in the source."""
    if _roles_leak(_pairs_of_ranks(target, source)):
        return True
    invited = target.allowed - source.allowed - {owner}
    if invited & source.denied or (invited and source.can_be(held=False)):
        return True
    shut_out = source.denied - target.denied - {owner}
    return bool(shut_out) and target.can_be(held=True)


def _pairs_of_ranks(target: _Standing, source: _Standing) -> frozenset[tuple[int, int]]:
    """Which pairs of ranks (in the target, in the source) a member with at most one role has."""
    pairs = {(target.floor, source.floor)}
    for high, there in enumerate(target.ranks):
        for low, here in enumerate(source.ranks):
            if there & here:
                pairs.add((max(high, target.floor), max(low, source.floor)))
    return frozenset(pairs)


@cache
def _roles_leak(pairs: frozenset[tuple[int, int]]) -> bool:
    """Whether two of these (or one twice) make a member who sees the target but lacks the source.

    At most 2**16 different arguments, so the cache is bounded.
    """
    return any(
        max(one[0], two[0]) % 2 == 1 and max(one[1], two[1]) % 2 == 0
        for one in pairs
        for two in pairs
    )
