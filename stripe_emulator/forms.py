"""Stripe's form encoding: `metadata[order]=6`, `expand[]=a`, `expand[0]=a`, deep as you like.

https://docs.stripe.com/api: the API accepts form-encoded request bodies and returns JSON.
"""

import re
from urllib.parse import parse_qsl

from stripe_emulator.errors import InvalidParameter

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
LIST_ITEM = ""
MOST_FIELDS = 1000


def decode(text):
    """Nested dicts and strings from a query string or a form body.

    `a[]=x` makes the list ["x"]; `a[0]=x` makes the dict {"0": "x"}, because only whoever reads
    `a` knows if it is a list (see `as_list`). Raises InvalidParameter for what cannot be nested.
    """
    try:
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise InvalidParameter("Invalid request: the form data could not be decoded.") from None
    params = {}
    for name, value in pairs:
        _place(params, _path(name), value, name)
    return params


def as_list(value):
    """The items of a list in either of its spellings, or None if it is not one."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(key.isdecimal() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return None


def _path(name):
    match = NAME.fullmatch(name)
    if match is None:
        raise InvalidParameter(f"Invalid parameter name: {name}", param=name)
    return [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]


def _place(params, path, value, name):
    holder = params
    for key, next_key in zip(path, [*path[1:], None], strict=True):
        if next_key is None:
            content = value
        elif next_key == LIST_ITEM:
            content = []
        else:
            content = {}
        holder = _put(holder, key, content, name)


def _put(holder, key, content, name):
    """Put `content` at `key` and return what is there to be filled further."""
    if isinstance(holder, list):
        if key != LIST_ITEM:
            raise InvalidParameter("Invalid array", param=name)
        holder.append(content)
        return content
    there = holder.get(key)
    if isinstance(content, str) and not isinstance(there, (dict, list)):
        holder[key] = content
        return content
    if there is None:
        holder[key] = content
    elif type(there) is not type(content):
        raise InvalidParameter("Invalid hash", param=name)
    return holder[key]
