"""Copies of the database, kept apart from the keys, and a database made of them again (docs/operations.md)."""
