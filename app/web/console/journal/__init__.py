"""The journal: who did what and when, and whether its chain is whole."""
