"""Answers taken, stored, taken back and listed."""
