"""The survey kept on a phone and what it sends."""
