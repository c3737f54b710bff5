"""Notices of whoever is signed in, and for administrators the mail that goes out."""
