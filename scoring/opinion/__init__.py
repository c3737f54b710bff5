"""Counts of answers to opinion scores with errors."""
