"""Copies of the database, kept apart from the keys, and what is made of them again."""
