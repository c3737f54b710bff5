"""The table of rights as the documents print it."""

from app.accounts.permissions import CITY_ROLES, Role, Scope, rights, rights_notes

_WORDS = {Scope.NOWHERE: "–", Scope.OWN: "own city", Scope.EVERYWHERE: "yes"}

HEAD = """# Rights

Who may do what in the console. This page is printed from `app/accounts/rights.csv`, the table that the program itself
reads at every request; a test keeps the two equal. Change the table, then run `python -m app staff rights`.

A role of a city (analyst, moderator, lead) holds in that city: an object of another city is not there for it (404).
What somebody has no right to at all is forbidden (403). A role holds from its first to its last day, and not a moment
longer than until it is taken back. Nobody changes their own roles. An administrator holds no other role.

Four eyes are on persons, not on roles: whoever entered or sent a value does not assess it, the two assessors and the
third who decides where they differ are three persons, nobody assesses a city in which they have a role or had one
within a year, whoever asks for a publication approves and publishes none of it, and two persons reset an account.
"""


def rights_page() -> str:
    """Write the page."""
    roles = list(Role)
    lines = [
        "| permission | " + " | ".join(role.value for role in roles) + " | note |",
        "|---" * (len(roles) + 2) + "|",
    ]
    for permission, row in rights().items():
        cells = [f"`{permission}`", *(_WORDS[row[role]] for role in roles), rights_notes()[permission]]
        lines.append("| " + " | ".join(cells) + " |")
    cities = ", ".join(role.value for role in roles if role in CITY_ROLES)
    return f"{HEAD}\nRoles of a city: {cities}; the others are the country's.\n\n" + "\n".join(lines) + "\n"
