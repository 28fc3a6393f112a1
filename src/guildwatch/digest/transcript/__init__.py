"""Messages as the digest reads them: cleaned lines, their words and links."""
