"""A file that comes in: whose it may be, read in another process, and kept until it is confirmed."""

from flask import Request, Response, abort

from app.accounts.permissions import Permission, Person, cities_of
from app.audit.journal import Actor
from app.indicators.errors import Code, ImportRefusedError, refused
from app.indicators.files import SpreadsheetFile
from app.indicators.queries import get_period
from app.indicators.sheet import LARGEST_FILE
from app.indicators.staging import MOST_FAULTS, StageTarget, find_stage, get_preview, stage_file, staged_file
from app.indicators.uploads import Expected, read_lines, read_upload
from app.web import site
from app.web.console.imports.files import errors_file
from app.web.console.services import services
from surveys.population.places import load_places


def receive(sent: Request, person: Person, actor: Actor) -> str:
    """Read the file of a request and let it wait; gives its id. Raises ImportRefusedError, BusyError."""
    city, period = sent.form.get("city", ""), sent.form.get("period", "")
    if not person.may(Permission.ENTER_VALUES, city):
        abort(404)
    with site.database().reading() as session:
        row = get_period(session, period) or abort(404)
    upload = sent.files.get("file")
    if upload is None or not upload.filename:
        raise refused(Code.NO_FILE)
    file = SpreadsheetFile(_plain(upload.filename), upload.read(LARGEST_FILE + 1))
    with services().files.slot():
        reading = read_upload(file, Expected(row.edition, city, period), most_faults=MOST_FAULTS)
    with site.database().writing() as session:
        return stage_file(session, StageTarget(period, city), file, reading, actor)


def file_with_faults(stage: str, kind: str, actor: Actor) -> Response:
    """Give a staged file back with what is wrong with it; raise UnknownStageError, BusyError."""
    with site.database().reading() as session:
        row = find_stage(session, stage, actor)
        preview = get_preview(session, stage, actor)
        file = staged_file(row)
    with services().files.slot():
        reading = read_upload(file, Expected(preview.edition, preview.city, preview.period))
        try:
            lines = read_lines(file)
        except ImportRefusedError:
            lines = []
    return errors_file(lines, reading.faults or preview.faults, kind)


def chosen_cities(person: Person, permission: Permission, city: str) -> frozenset[str]:
    """Give the city that was asked for, or all that a person has a permission in; empty for another's."""
    own = cities_of(person.grants, permission)
    every = frozenset(each.code for each in load_places().cities)
    allowed = every if own is None else own & every
    return allowed & {city} if city else allowed


def _plain(name: str) -> str:
    """Give the last part of a name, whatever folders stand before it."""
    return name.replace("\\", "/").rpartition("/")[2]
