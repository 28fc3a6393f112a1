"""The operator's console in Textual."""
