"""Metadata: up to 50 pairs of strings that belong to whoever calls.

https://docs.stripe.com/api/metadata and https://docs.stripe.com/metadata#data
"""

from stripe_emulator.errors import InvalidParameter

MOST_KEYS = 50
LONGEST_KEY = 40
LONGEST_VALUE = 500


def changes(value, name):
    """What a call does to the metadata: pairs to set, "" to remove a key, None to remove all."""
    if value == "":
        return None
    if not isinstance(value, dict):
        raise InvalidParameter("Invalid hash", param=name)
    for key, content in value.items():
        _check(key, content, name)
    return value


def merged(metadata, pairs):
    """A new dict: `metadata` after `pairs` (see `changes`). Raises InvalidParameter past 50."""
    if pairs is None:
        return {}
    result = {key: value for key, value in {**metadata, **pairs}.items() if value != ""}
    if len(result) > MOST_KEYS:
        raise InvalidParameter(
            f"You can only specify up to {MOST_KEYS} metadata keys, but you passed in "
            f"{len(result)} keys.",
            param="metadata",
        )
    return result


def _check(key, content, name):
    param = f"{name}[{key}]"
    if not isinstance(content, str):
        raise InvalidParameter(f"Invalid string: {content}", param=param)
    if len(key) > LONGEST_KEY:
        raise InvalidParameter(
            f"Metadata keys can have up to {LONGEST_KEY} characters, but you passed in a key that "
            f"is {len(key)} characters. Invalid key: {key}",
            param=name,
        )
    if len(content) > LONGEST_VALUE:
        raise InvalidParameter(
            f"Metadata values can have up to {LONGEST_VALUE} characters, but you passed in a value "
            f"that is {len(content)} characters. Invalid value: {content}",
            param=param,
        )
