"""Who may read what: pure functions over guilds, channels, roles and members."""
