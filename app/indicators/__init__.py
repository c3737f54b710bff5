"""Indicators of the administrations: values in revisions, read from spreadsheets, all of a file or nothing."""
