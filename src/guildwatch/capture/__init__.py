"""From events to the store: the intake, the history, what is happening now."""
