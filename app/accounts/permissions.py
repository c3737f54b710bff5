"""Who may do what: seven roles, one table (rights.csv), and nothing that is not in it.

A role of a city holds in that city alone, and another city's objects are not there for it (404); what a person has no
right to at all is forbidden (403). Rules between persons (four eyes) are kept by the services that change things.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("rights.csv")


class Role(StrEnum):
    """What a person is; the first three belong to a city, the others to the country."""

    ANALYST = "analyst"
    MODERATOR = "moderator"
    LEAD = "lead"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    AUDITOR = "auditor"
    ADMIN = "admin"


CITY_ROLES = frozenset({Role.ANALYST, Role.MODERATOR, Role.LEAD})


class Permission(StrEnum):
    """Something that is done in the console; each has its line in rights.csv."""

    SEE_VALUES = "SEE_VALUES"
    ENTER_VALUES = "ENTER_VALUES"
    SEND_RETURN = "SEND_RETURN"
    ASSESS = "ASSESS"
    ADJUDICATE = "ADJUDICATE"
    SEE_ASSESSMENTS = "SEE_ASSESSMENTS"
    ASSIGN = "ASSIGN"
    REOPEN_VALUE = "REOPEN_VALUE"
    SEE_PERIODS = "SEE_PERIODS"
    MANAGE_PERIODS = "MANAGE_PERIODS"
    READ_COMMENTS = "READ_COMMENTS"
    MODERATE = "MODERATE"
    CONFIRM_HIDING = "CONFIRM_HIDING"
    READ_ORIGINALS = "READ_ORIGINALS"
    ASSIGN_COMMENTS = "ASSIGN_COMMENTS"
    EXPORT_COMMENTS = "EXPORT_COMMENTS"
    AUDIT_DECISIONS = "AUDIT_DECISIONS"
    CODE_COMMENTS = "CODE_COMMENTS"
    MANAGE_THEMES = "MANAGE_THEMES"
    SEE_COCKPIT = "SEE_COCKPIT"
    COMPARE_STAFF = "COMPARE_STAFF"
    SEE_REPLIES = "SEE_REPLIES"
    WRITE_REPLIES = "WRITE_REPLIES"
    RELEASE_REPLIES = "RELEASE_REPLIES"
    KEEP_COMMITMENTS = "KEEP_COMMITMENTS"
    RELEASE_COMMITMENTS = "RELEASE_COMMITMENTS"
    MANAGE_TEMPLATES = "MANAGE_TEMPLATES"
    SEE_FIELDWORK = "SEE_FIELDWORK"
    FIELD_MATERIALS = "FIELD_MATERIALS"
    MANAGE_WAVES = "MANAGE_WAVES"
    SEE_QUESTIONNAIRES = "SEE_QUESTIONNAIRES"
    MANAGE_QUESTIONNAIRES = "MANAGE_QUESTIONNAIRES"
    SEE_RUNS = "SEE_RUNS"
    REQUEST_RUN = "REQUEST_RUN"
    SEE_PUBLICATIONS = "SEE_PUBLICATIONS"
    APPROVE = "APPROVE"
    PUBLISH = "PUBLISH"
    WITHDRAW = "WITHDRAW"
    CONFIRM_WITHDRAWAL = "CONFIRM_WITHDRAWAL"
    SEE_INITIATIVES = "SEE_INITIATIVES"
    KEEP_INITIATIVES = "KEEP_INITIATIVES"
    SUBMIT_INITIATIVES = "SUBMIT_INITIATIVES"
    EXAMINE_INITIATIVES = "EXAMINE_INITIATIVES"
    IMPORT_INITIATIVES = "IMPORT_INITIATIVES"
    READ_JOURNAL = "READ_JOURNAL"
    SEE_STAFF = "SEE_STAFF"
    MANAGE_STAFF = "MANAGE_STAFF"
    CONFIRM_RESET = "CONFIRM_RESET"


class Scope(StrEnum):
    """Where a role holds a permission: nowhere, in its own city, everywhere."""

    NOWHERE = ""
    OWN = "own"
    EVERYWHERE = "yes"


class Access(Enum):
    """What a request is told; the values are HTTP statuses."""

    ALLOWED = 200
    FORBIDDEN = 403
    HIDDEN = 404


class Grant(NamedTuple):
    """A role that a person holds today, in a city or (None) in the country, and the areas it is about first."""

    role: Role
    city: str | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff, as read at this request."""

    id: int
    email: str
    name: str
    language: str
    keys_on: bool
    grants: tuple[Grant, ...]

    def may(self, permission: Permission, city: str | None = None) -> bool:
        """Tell whether this person may do something, in a city or (None) anywhere at all."""
        return access(self.grants, permission, city) is Access.ALLOWED

    def roles(self) -> frozenset[Role]:
        """Give the roles held today, in whatever city."""
        return frozenset(grant.role for grant in self.grants)


def access(grants: Iterable[Grant], permission: Permission, city: str | None = None) -> Access:
    """Decide about a permission in a city, or (None) about a page that belongs to no city."""
    scopes = [(rights()[permission][grant.role], grant.city) for grant in grants]
    held = [(scope, own) for scope, own in scopes if scope is not Scope.NOWHERE]
    if not held:
        return Access.FORBIDDEN
    if city is None or any(scope is Scope.EVERYWHERE or own == city for scope, own in held):
        return Access.ALLOWED
    return Access.HIDDEN


def cities_of(grants: Iterable[Grant], permission: Permission) -> frozenset[str] | None:
    """Give the cities in which a permission is held; None for all of them."""
    held = [(rights()[permission][grant.role], grant.city) for grant in grants]
    if any(scope is Scope.EVERYWHERE for scope, _city in held):
        return None
    return frozenset(city for scope, city in held if scope is Scope.OWN and city)


@cache
def rights() -> dict[Permission, dict[Role, Scope]]:
    """Read the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            Permission(row["permission"]): {role: Scope(row[role]) for role in Role} for row in csv.DictReader(file)
        }


@cache
def rights_notes() -> dict[Permission, str]:
    """Read what the table says beside each permission."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {Permission(row["permission"]): row["note"] for row in csv.DictReader(file)}


def holds_on(from_day: date, until_day: date | None, day: date) -> bool:
    """Tell whether a grant with these days holds on a day."""
    return from_day <= day and (until_day is None or day <= until_day)
