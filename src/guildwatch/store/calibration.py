"""How many characters make a token, as measured with each model."""

from guildwatch.store.database import Database


class Calibration:
    """Characters per token by the model's name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, model: str) -> float | None:
        """What was measured with a model, None when nothing was."""
        records = await self._database.rows(
            "SELECT characters_per_token FROM calibration WHERE model = ?", (model,)
        )
        return records[0]["characters_per_token"] if records else None

    async def save(self, model: str, characters_per_token: float) -> None:
        """Keeps what was measured with a model, unless the store was opened for reading only."""
        if self._database.is_read_only:
            return
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "INSERT OR REPLACE INTO calibration VALUES (?, ?)", (model, characters_per_token)
            )
