"""Fieldwork with a journal: waves, materials, passes, questionnaires, for the console and the command line."""
