"""The ministry's list of initiatives: shown, imported from a file, given out in the form in which it is read."""
