"""Who lives in Pixel Forge and where: its people, roles and channels, and who may what there."""

from dataclasses import dataclass

from guildwatch.model import ChannelKind
from guildwatch.sandbox.permissions import Permission


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the story, by the handle that the script uses; newcomers join during it."""

    handle: str
    name: str
    username: str
    is_moderator: bool = False
    is_bot: bool = False
    is_newcomer: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A channel; `only_staff_reads` and `only_staff_writes` become permission overwrites."""

    name: str
    topic: str
    kind: ChannelKind = ChannelKind.TEXT
    tags: tuple[str, ...] = ()
    only_staff_reads: bool = False
    only_staff_writes: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A category with its channels, in the order in which they are shown."""

    name: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything that a script may name; `owner` is the founder's handle."""

    guild_name: str
    owner: str
    people: tuple[Person, ...]
    categories: tuple[Category, ...]
    system_channel: str
    report_channel: str
    emoji: tuple[str, ...]

    @property
    def handles(self) -> frozenset[str]:
        """All handles that may speak."""
        return frozenset(person.handle for person in self.people)

    @property
    def moderators(self) -> frozenset[str]:
        """The handles of those who have the Moderator role."""
        return frozenset(person.handle for person in self.people if person.is_moderator)

    @property
    def newcomers(self) -> frozenset[str]:
        """The handles of those who join during the story."""
        return frozenset(person.handle for person in self.people if person.is_newcomer)

    @property
    def places(self) -> tuple[Place, ...]:
        """All channels, in order."""
        return tuple(place for category in self.categories for place in category.places)

    @property
    def channel_names(self) -> frozenset[str]:
        """The names of all channels, without `#`."""
        return frozenset(place.name for place in self.places)


MODERATOR = (
    Permission.MANAGE_GUILD
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_THREADS
    | Permission.MODERATE_MEMBERS
    | Permission.KICK_MEMBERS
    | Permission.PIN_MESSAGES
    | Permission.MENTION_EVERYONE
)
"""What the Moderator role adds to @everyone's permissions."""

PIXEL_FORGE = Cast(
    guild_name="Pixel Forge",
    owner="Mara",
    people=(
        # Calm, dry, exact; leads the project and owns a kettle. Writes short, whole sentences.
        Person("Mara", "Mara", "mara.forge", is_moderator=True),
        # Organises the jam with exclamation marks and a whistle; the warm heart of the place.
        Person("Tiff", "Tiff", "tiffany.ink", is_moderator=True),
        # Translator and moderator from Sweden; brings forms, footnotes and fairness.
        Person("Ingrid", "Ingrid", "ingrid.ord", is_moderator=True),
        # Night moderator in Melbourne, always greeting from another day.
        Person("Sam", "Sam (tomorrow)", "sam.southerly", is_moderator=True),
        # Fatalist of the C++ core. It is always the palette dialog.
        Person("Dmitri", "Dmitri", "dmitri.core"),
        # Builds and releases, from Bengaluru. Checklists; believes what she can rerun.
        Person("Priya", "Priya", "priya.builds"),
        # Plugins, Lua, and shame about the minimap.
        Person("Tomasz", "Tomasz", "tomasz.lua"),
        # Packager. The flatpak is fine.
        Person("Yusuf", "Yusuf", "yusuf.pkg"),
        # Technical writer in Galway (and brackets), with a wet dog.
        Person("Wren", "Wren", "wren.writes"),
        # Draws 255 of the 256 demo tiles; gentle, sees every pixel.
        Person("Ola", "Ola", "ola.tiles"),
        # Illustrator on a stormy Norwegian island; a lighthouse keeper's granddaughter.
        Person("Sunniva", "Sunniva", "sunniva.fyr"),
        # Composer in Kanazawa, courteous and exact to the second.
        Person("Kenji", "Kenji", "kenji.chip"),
        # Jokes, capitals, stairs.
        Person("Baz", "Baz", "baz.only.stairs"),
        # Draws a forest by hand, in lower case.
        Person("jonas", "jonas", "jonas.waldmap"),
        # Studies statistics, ok wait, and draws dungeons.
        Person("Cleo", "Cleo", "cleo.okwait"),
        # Was there in 1.2. Short with people, for a reason he keeps to himself.
        Person("Gruff", "Gruff", "gruff.one.two"),
        # Animates a fox for her niece and loses it at 14:52.
        Person("Nadia", "Nadia", "nadia.frames"),
        # Teaches eleven-year-olds and signs his messages.
        Person("Hollis", "Mr Hollis", "hollis.period3"),
        # Colour-blind, tests colours, finds everything a second too early or late.
        Person("Juno", "Juno", "juno.contrast"),
        # Counts.
        Person("Otis", "Otis", "otis.counts"),
        # Codes in Lagos by battery, and always says how much of it is left.
        Person("Femi", "Femi", "femi.bus67"),
        # Finishes a game after three years and sleeps on buses.
        Person("Lupe", "Lupe", "lupe.harbour"),
        # Cook from Lyon, campaigning for Leftovers.
        Person("Hugo", "Hugo", "hugo.croute"),
        # Keeps a cat named Segfault, or is kept.
        Person("Anouk", "Anouk", "anouk.segfault"),
        # Writes prose as others wear velvet.
        Person("Quill", "Quill", "quill.verily"),
        # Came today with a potato.
        Person("Bo", "Bo", "bo.potato", is_newcomer=True),
        # Came today with a prompt injection, and stayed to draw.
        Person("Elf", "elf", "elf.freebies", is_newcomer=True),
        # Came today with spam.
        Person("Winbig", "WIN BIG", "winbig.official", is_newcomer=True),
        Person("Anvil", "Anvil CI", "anvil-ci", is_bot=True),
        Person("Dicey", "Dicey", "dicey", is_bot=True),
        Person("Letterbox", "Letterbox", "letterbox", is_bot=True),
    ),
    categories=(
        Category(
            "Front desk",
            (
                Place(
                    "announcements",
                    "Releases and jams. Quiet on purpose.",
                    ChannelKind.ANNOUNCEMENT,
                    only_staff_writes=True,
                ),
                Place(
                    "daily-summary",
                    "What happened today, written by Watcher every night.",
                    only_staff_writes=True,
                ),
            ),
        ),
        Category(
            "Community",
            (
                Place("general", "Good mornings and everything else. 2.4 today, 18:00 Berlin!"),
                Place("support", "Ask here. Version and system, please, and a file if you can."),
                Place("jam", "Forge Jam 9, Friday 27 to Sunday 29 November."),
                Place("art", "Show it before it is finished."),
                Place("off-topic", "Cats, storms, soup."),
                Place(
                    "showcase",
                    "One post a game. Be the first to play it.",
                    ChannelKind.FORUM,
                    tags=("game", "tool", "class", "wip", "finished"),
                ),
                Place("workshop", "Co-working, Saturdays at 20:00. Cats on.", ChannelKind.VOICE),
            ),
        ),
        Category("Making it", (Place("dev", "The editor itself. Builds by Anvil."),)),
        Category("Staff", (Place("staff", "Moderators only.", only_staff_reads=True),)),
    ),
    system_channel="general",
    report_channel="daily-summary",
    emoji=("forge", "goose", "lantern"),
)
"""The community of the demo; all of it is invented."""
