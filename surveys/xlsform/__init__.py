"""Questionnaires exchanged with XLSForm workbooks (KoboToolbox, ODK, Enketo)."""
