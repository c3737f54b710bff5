"""Themes of suggestions: how much is about what, a city's own themes, and the national frame."""
