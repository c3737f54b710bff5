"""Frozen questionnaire versions: stored once, read back compiled."""

from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.errors import SurveyError
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.questionnaire.compiled import Compiled, compile_questionnaire
from surveys.questionnaire.definition import Questionnaire


class VersionError(SurveyError):
    """A questionnaire version cannot be frozen or found."""


def freeze_questionnaire(session: Session, questionnaire: Questionnaire, *, today: date) -> str:
    """Store a questionnaire for ever and give its digest; freezing the same one again changes nothing.

    Raises VersionError when its code and version number are taken by other wording.
    """
    digest = questionnaire.digest()
    frozen_digest = session.execute(
        select(QuestionnaireVersion.digest).where(
            QuestionnaireVersion.code == questionnaire.code, QuestionnaireVersion.version == questionnaire.version
        )
    ).scalar_one_or_none()
    if frozen_digest is not None and frozen_digest != digest:
        raise VersionError(f"{questionnaire.code} version {questionnaire.version} is frozen with other wording")
    if frozen_digest is None:
        session.add(
            QuestionnaireVersion(
                digest=digest,
                code=questionnaire.code,
                version=questionnaire.version,
                audience=questionnaire.audience,
                definition=questionnaire.to_json(),
                frozen_on=today,
            )
        )
        session.flush()
    return digest


def get_compiled(session: Session, digest: str) -> Compiled:
    """Give a frozen version ready for answers; read from the database once per process."""
    if not _known(digest):
        definition = session.execute(
            select(QuestionnaireVersion.definition).where(QuestionnaireVersion.digest == digest)
        ).scalar_one_or_none()
        if definition is None:
            raise VersionError(f"no questionnaire version {digest}")
        return compiled_from(digest, definition)
    return _known(digest)[0]


def compiled_from(digest: str, definition: str) -> Compiled:
    """Give a frozen version whose definition was read with something else, ready for answers."""
    compiled = _known(digest)
    if not compiled:
        compiled.append(compile_questionnaire(Questionnaire.from_json(definition)))
    return compiled[0]


@lru_cache(maxsize=64)
def _known(digest: str) -> list[Compiled]:  # noqa: ARG001 - the cache key
    """Hold the compiled version of a digest once it was read: versions never change."""
    return []
