"""The page of a report: its template and its style."""
