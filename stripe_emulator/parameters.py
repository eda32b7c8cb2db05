"""Reading the parameters of a call: each endpoint declares a reader for each name it takes.

A reader turns the decoded form value into what we keep, or raises InvalidParameter. Codes and
wording follow https://docs.stripe.com/error-codes.
"""

import re
from urllib.parse import urlsplit

from stripe_emulator.errors import (
    InvalidParameter,
    MissingParameter,
    NotEmulated,
    UnknownParameters,
)
from stripe_emulator.forms import as_list

# Sent by Stripe.js along with a payment; it changes nothing in what we do.
SENT_BY_STRIPE_JS = {
    "key",
    "_stripe_version",
    "client_attribution_metadata",
    "expected_payment_method_type",
    "guid",
    "muid",
    "sid",
    "payment_user_agent",
    "pasted_fields",
    "referrer",
    "time_on_page",
}
INTEGER = re.compile(r"-?\d{1,18}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read(params, readers, *, required=(), not_emulated=()):
    """The parameters of a call by name, as their `readers` understood them.

    Raises UnknownParameters, MissingParameter, NotEmulated or whatever a reader raises.
    """
    known = {*readers, *not_emulated}
    if unknown := [name for name in params if name not in known]:
        raise UnknownParameters(unknown)
    for name in required:
        if name not in params:
            raise MissingParameter(name)
    for name in params:
        if name in not_emulated:
            raise NotEmulated(name)
    return {name: readers[name](value, name) for name, value in params.items()}


def _refuse_empty(value, name):
    if value == "":
        raise InvalidParameter(
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{name}' cannot be unset. You should remove '{name}' "
            "from your request or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=name,
        )


def _string(value, name):
    _refuse_empty(value, name)
    if not isinstance(value, str):
        raise InvalidParameter(f"Invalid string: {value}", param=name)
    return value


def text(longest):
    def reader(value, name):
        value = _string(value, name)
        if len(value) > longest:
            raise InvalidParameter(
                f"Invalid string: {value[:7]}...{value[-5:]}; must be at most {longest} characters",
                param=name,
            )
        return value

    return reader


def integer(at_least=None, at_most=None):
    def reader(value, name):
        if not INTEGER.fullmatch(_string(value, name)):
            raise _bad_integer(f"Invalid integer: {value}", name)
        number = int(value)
        if at_least is not None and number < at_least:
            raise _bad_integer(f"This value must be greater than or equal to {at_least}.", name)
        if at_most is not None and number > at_most:
            raise _bad_integer(
                f"This value must be less than or equal to {at_most} (it currently is '{value}').",
                name,
            )
        return number

    return reader


def _bad_integer(message, name):
    return InvalidParameter(message, code="parameter_invalid_integer", param=name)


def boolean(value, name):
    if _string(value, name) not in ("true", "false"):
        raise InvalidParameter(f"Invalid boolean: {value}", param=name)
    return value == "true"


def choice(*allowed):
    def reader(value, name):
        if _string(value, name) not in allowed:
            listed = allowed[0] if len(allowed) == 1 else _one_of(allowed)
            raise InvalidParameter(f"Invalid {name}: must be {listed}", param=name)
        return value

    return reader


def _one_of(words):
    comma = "," if len(words) > 2 else ""
    return f"one of {', '.join(words[:-1])}{comma} or {words[-1]}"


def anything(value, name):
    """Taken and left aside."""
    return value


def unsettable(reader):
    """An empty string takes the value away: None."""

    def reader_or_none(value, name):
        return None if value == "" else reader(value, name)

    return reader_or_none


def nested(readers, *, required=(), not_emulated=()):
    """A hash with its own names, which errors show as `outer[inner]`."""

    def reader(value, name):
        if not isinstance(value, dict):
            raise InvalidParameter("Invalid hash", param=name)
        inside = {f"{name}[{key}]": content for key, content in value.items()}
        read_inside = read(
            inside,
            {f"{name}[{key}]": inner for key, inner in readers.items()},
            required=[f"{name}[{key}]" for key in required],
            not_emulated=[f"{name}[{key}]" for key in not_emulated],
        )
        return {key[len(name) + 1 : -1]: content for key, content in read_inside.items()}

    return reader


def strings(value, name):
    items = as_list(value)
    if items is None or not all(isinstance(item, str) for item in items):
        raise InvalidParameter("Invalid array", param=name)
    return items


def email(value, name):
    if not EMAIL.fullmatch(text(512)(value, name)):
        raise InvalidParameter(f"Invalid email address: {value}", code="email_invalid", param=name)
    return value


def web_address(value, name):
    parts = urlsplit(text(5000)(value, name))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise InvalidParameter("Not a valid URL", code="url_invalid", param=name)
    return value


def time_range(value, name):
    """`created=1700000000` or `created[gte]=…`: the bounds as {"gte": seconds}."""
    if isinstance(value, str):
        moment = integer()(value, name)
        return {"gte": moment, "lte": moment}
    return nested({bound: integer() for bound in ("gt", "gte", "lt", "lte")})(value, name)
