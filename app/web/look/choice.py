"""One reader's look: size of text, spacing and colours, kept in one cookie that says nothing else."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass

from flask import Response, g, url_for

from app.web import site
from app.web.language import current_language
from app.web.request import current_request

TEXTS = ("100", "150", "200")
SPACINGS = ("normal", "wide")
SCHEMES = ("device", "light", "dark", "yellow")
COOKIE = "look"
_YEAR = 31_536_000
_LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True)
class Look:
    """One reader's choice; as made without arguments, the look of somebody who chose nothing."""

    text: str = "100"
    spacing: str = "normal"
    scheme: str = "device"

    @property
    def classes(self) -> str:
        """Classes of <html>; none for what is the default."""
        chosen = (("text-" + self.text, self.text != "100"), ("spaced", self.spacing == "wide"))
        return " ".join([name for name, is_set in chosen if is_set] + [self.scheme] * (self.scheme != "device"))

    @property
    def colours(self) -> str:
        """What the browser may draw its own parts in, before any style sheet has come."""
        return {"light": "light", "dark": "dark", "yellow": "dark"}.get(self.scheme, "light dark")


_UNCHOSEN = Look()


def chosen(values: Mapping[str, str]) -> Look:
    """Read a look from a form; what is missing or unknown stays as it is by default."""
    choices = {"text": TEXTS, "spacing": SPACINGS, "scheme": SCHEMES}
    return Look(
        **{name: value for name, allowed in choices.items() if (value := values.get(f"look-{name}")) in allowed}
    )


def look_of_cookie() -> Look:
    """Read the look from this request's cookie; anything else in it counts as nothing chosen."""
    cookie = current_request().cookies.get(COOKIE)
    if not cookie:
        return _UNCHOSEN
    parts = cookie.split(".")
    names = ("look-text", "look-spacing", "look-scheme")
    return chosen(dict(zip(names, parts, strict=True))) if len(parts) == len(names) else _UNCHOSEN


def current() -> Look:
    """Give the look the page is being drawn in."""
    look: Look | None = g.get("look")
    if look is None:
        look = g.look = look_of_cookie()
    return look


def remember(response: Response, look: Look) -> None:
    """Keep a look in this browser for a year; a look with nothing chosen leaves no cookie."""
    if look == Look():
        site.delete_cookie(response, COOKIE, path="/")
    else:
        value = ".".join(astuple(look))
        site.set_cookie(response, COOKIE, value, path="/", max_age=_YEAR)


def use(look: Look) -> None:
    """Draw the rest of this request in a look just chosen."""
    g.look = look


def own_path(address: str) -> str:
    """Give an address back when it is a path of this site, else the home page: nobody is led elsewhere from here."""
    if not (address.startswith("/") and address.isprintable() and len(address) <= _LONGEST_ADDRESS):
        return "/"
    # A browser takes // and /\\ for another site's name.
    return "/" if address[1:2] in {"/", "\\"} else address


def back_address() -> str:
    """Give the page a reader comes back to from the settings: this one, or the one they came from."""
    this_request = current_request()
    is_settings = this_request.endpoint == "look.settings"
    return own_path(this_request.args.get("back", "/") if is_settings else this_request.full_path.rstrip("?"))


def settings_address() -> str:
    """Give the address of the settings, with the way back to this page in it."""
    return url_for("look.settings", lang=current_language(), back=back_address())
