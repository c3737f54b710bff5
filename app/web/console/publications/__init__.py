"""Requests and publications: the list, a request with its approvals, publishing, withdrawing."""
