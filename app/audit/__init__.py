"""The journal of what staff did; the public sites never import it. Built with the console (issue 11)."""
