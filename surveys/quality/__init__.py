"""Answers that look hasty, linked or automatic: flagged and weighted, never deleted."""
