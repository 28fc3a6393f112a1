"""The root of every exception that guildwatch raises on purpose."""


class GuildwatchError(Exception):
    """Something a person has to know; `str(error)` is one sentence: what happened, what to do.

    Every door derives its own from it (`ConfigError`, `StoreError`, `ModelError`, …), so that the
    command line and the console can show any of them as they are.
    """
