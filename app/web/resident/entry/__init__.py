"""The ways into a wave: open link, letter, SMS, sign-in."""
