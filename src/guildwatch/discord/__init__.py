"""hikari and lightbulb, and only here."""
