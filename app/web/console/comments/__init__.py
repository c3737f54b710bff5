"""Suggestions at the desk: reading and deciding, hiding that outsiders confirm, files, and the auditor's sample."""
