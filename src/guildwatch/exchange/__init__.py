"""DiscordChatExporter JSON in."""
