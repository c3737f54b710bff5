"""Marks what may be the name of a person in a suggestion, for a moderator to look at: nothing is hidden by it.

Many marks are no names, "аким Караганды" or "директор школы Абая", and some names get none. A mark says: read here.
"""

import re

from app.feedback.spans import Span, joined_spans

_LARGE = "A-ZА-ЯЁӘҒҚҢӨҰҮҺІ"
_SMALL = "a-zа-яёәғқңөұүһі"
_NAME = rf"[{_LARGE}][{_SMALL}]+(?:-[{_LARGE}][{_SMALL}]+)?"
_INITIALS = rf"[{_LARGE}]\.[ ]?(?:[{_LARGE}]\.)?"

_OFFICE = (
    "аким әкім акимша заместител орынбасар директор начальник басшы бастық бастыг заведующ меңгеруші "
    "председател төраға торага глава депутат министр инспектор участков учаскелік участкелик врач доктор "
    "дәрігер дарігер даригер медсестр учител мұғалім мугалим воспитател тәрбиеші завуч судь сот полицей "
    "водител жүргізуш шопыр мастер прораб господин госпож товарищ мырза ханым тәте агай ағай апай mayor "
    "director head doctor teacher driver inspector mr mrs ms"
)
_OFFICES = "|".join(_OFFICE.split())

_SHAPES = (
    # Ivanov I. I., and I. I. Ivanov
    re.compile(rf"(?<!\w){_NAME}[ ]{_INITIALS}"),
    re.compile(rf"(?<!\w){_INITIALS}[ ]?{_NAME}"),
    # a father's name, in large or small letters, and what stands before it
    re.compile(
        rf"(?<!\w)(?:[{_LARGE}{_SMALL}]+[ ])?[{_LARGE}{_SMALL}]{{3,}}"
        r"(?:ович|евич|овна|евна|[\- ]?(?:ұлы|улы|қызы|кызы)|oglu|ovich|evich|ovna|evna)[а-яәіңң]{0,3}(?!\w)",
        re.IGNORECASE,
    ),
    # what somebody is called in a messenger
    re.compile(r"(?<![\w.])@[A-Za-z]\w{3,}"),
)
_AFTER = re.compile(
    rf"(?i:(?<!\w)(?:{_OFFICES})[{_SMALL}]{{0,8}})[.:,]?(?:[ ][{_SMALL}№\d-]+){{0,3}}?[ ]"
    rf"(?P<name>{_NAME}(?:[ ]{_NAME}){{0,2}})"
)
"""A name that comes after what somebody is, "аким города Иванов"."""
_BEFORE = re.compile(
    rf"(?P<name>{_NAME}(?:[ ]{_NAME}){{0,2}})[ ]"
    r"(?i:деген|дейтін|есімді|атты|по имени|по фамилии|мырза|ханым|ағай|апай)(?!\w)"
)
"""A name that comes before what is said of it, "Ахметов деген дәрігер"."""


def name_candidates(text: str) -> tuple[Span, ...]:
    """Give the parts of a text that may be names, in order and apart from one another."""
    found = [Span(*match.span()) for shape in _SHAPES for match in shape.finditer(text)]
    found += [Span(*match.span("name")) for shape in (_AFTER, _BEFORE) for match in shape.finditer(text)]
    return joined_spans(text, found)
