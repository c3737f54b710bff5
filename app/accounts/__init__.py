"""Staff: persons, roles and sign-in; the public sites never import it. Built with the console (issue 11)."""
