"""Questionnaires: put forward, linted, compared and seen as respondents will see them, before a wave freezes one."""
