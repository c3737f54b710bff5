"""The journal: who changed what and when, as a chain that cannot be rewritten unseen."""
