"""A day's talk of a small town: in public about a game, among the staff about people."""

TALK = {
    "general": (
        "The release of version 2.4 moves to Tuesday because two crashes on Windows are left.",
        "Can somebody reproduce the crashes with the installer from yesterday evening?",
        "I can: it happens when the graphics driver is older than the game expects.",
        "Then Mara builds a candidate tonight and everybody tests the driver check tomorrow.",
    ),
    "support": (
        "My map editor loses every save since the last update, what could be wrong?",
        "Is there an umlaut in the name of the map, or another special character?",
        "There is, renaming the folder without the umlaut brings all saved maps back.",
        "That bug is fixed in the nightly build; the next patch brings it to everybody.",
    ),
    "staff": (
        "We should promote a new moderator before the tournament begins in December.",
        "The candidate must not hear of the promotion before the Monday meeting.",
        "Agreed, the moderator contract and the tournament schedule come on Monday.",
        "Who prepares the announcement for the new moderator and the tournament?",
    ),
}
