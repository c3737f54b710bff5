"""What accounts refuse, under one root; words for people are made at the edge."""

from collections.abc import Iterable
from enum import StrEnum


class AccountError(Exception):
    """Root of what accounts refuse."""


class PasswordFault(StrEnum):
    """Why a new password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    HOLDS_NAME = "holds_name"
    HOLDS_EMAIL = "holds_email"
    HOLDS_PRODUCT = "holds_product"


class PasswordError(AccountError):
    """A new password is not taken; every fault is named."""

    def __init__(self, faults: Iterable[PasswordFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(self.faults))


class WaitError(AccountError):
    """Too many wrong tries: passwords and codes of this account are not looked at for a while."""


class LinkError(AccountError):
    """An invitation that is unknown, used or too old: outside they are one and the same."""


class FactorFault(StrEnum):
    """Why something was not done with a second factor."""

    WRONG_CODE = "wrong_code"
    WRONG_PASSKEY = "wrong_passkey"
    KNOWN_PASSKEY = "known_passkey"
    LAST_FACTOR = "last_factor"
    MISSING = "missing"


class FactorError(AccountError):
    """A second factor is not taken or not removed."""

    def __init__(self, fault: FactorFault) -> None:
        self.fault = fault
        super().__init__(fault)


class StaffFault(StrEnum):
    """Why something was not done with a member of staff, a grant or a reset."""

    UNKNOWN = "unknown"
    ONESELF = "oneself"
    LAST_ADMIN = "last_admin"
    ADMIN_ALONE = "admin_alone"
    CITY = "city"
    DAYS = "days"
    EMAIL = "email"
    NAME = "name"
    EMAIL_TAKEN = "email_taken"
    ALREADY = "already"
    SAME_PERSON = "same_person"


class StaffError(AccountError):
    """A rule between persons, or a fault in what was asked for."""

    def __init__(self, fault: StaffFault) -> None:
        self.fault = fault
        super().__init__(fault)
