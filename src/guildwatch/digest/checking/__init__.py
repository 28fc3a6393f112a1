"""Whether a sentence is borne out by the messages that it names."""
