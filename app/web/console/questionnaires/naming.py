"""What a version of a questionnaire is called for people: its title and number, not its code and digest."""

from collections import Counter
from collections.abc import Sequence

from app.fieldwork.questionnaires import Version
from app.web.language import _, pick
from surveys.languages import Text3


def version_name(title: Text3, number: int) -> str:
    """Name a version in the language of the request."""
    return _("%(title)s, version %(number)s", title=pick(title), number=number)


def name_versions(versions: Sequence[Version]) -> dict[str, str]:
    """Name versions by their digests, in their order; those that would be called the same get their digests too."""
    names = {each.digest: version_name(each.title, each.version) for each in versions}
    often = Counter(names.values())
    return {digest: name if often[name] == 1 else f"{name} ({digest[:8]})" for digest, name in names.items()}
