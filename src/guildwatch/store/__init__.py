"""All the SQL: one file a subject, over one writer and read-only readers."""
