"""Names come back: from arrays to tables, once."""
