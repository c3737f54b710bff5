"""Saying what suggestions are about: one after the other, or many at once."""
