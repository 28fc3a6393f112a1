"""Which lines belong to one conversation, and what was learned of it."""
