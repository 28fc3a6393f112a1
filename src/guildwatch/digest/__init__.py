"""From chat to points with receipts."""
