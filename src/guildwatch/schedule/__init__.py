"""The guild-local calendar, the ledger of due work and its runner."""
