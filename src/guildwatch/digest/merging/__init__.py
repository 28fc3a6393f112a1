"""From told conversations to a digest, a week and a month, and on from earlier ones."""
