"""Papers behind a value: list, add, withdraw, save to one's own disk."""
