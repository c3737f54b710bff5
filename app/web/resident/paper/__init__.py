"""Paper forms typed in by operators."""
