"""Persons of the demo, who sign in by one press; on 127.0.0.1 with DEMO=1 only."""
