"""The ways in: a passkey, or e-mail and password and then a code; and the way out."""
