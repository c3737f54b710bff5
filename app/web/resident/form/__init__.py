"""The survey as pages of a form."""
