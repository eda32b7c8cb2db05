"""Lists, newest first, cut into pages with cursors: https://docs.stripe.com/api/pagination"""

import operator

from stripe_emulator import parameters
from stripe_emulator.errors import InvalidParameter

DEFAULT_LIMIT = 10
MOST = 100
PAGING = {
    "limit": parameters.integer(at_least=1, at_most=MOST),
    "starting_after": parameters.text(5000),
    "ending_before": parameters.text(5000),
    "created": parameters.time_range,
}
COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def page(call, shelf, *, equal=(), filters=(), keep=None, not_emulated=()):
    """One page of `shelf` as the call's parameters ask for it.

    `equal` names fields that a parameter of the same name narrows to. `filters` are further
    readers by name; `keep(obj, read)` decides with what they read.
    """
    readers = {**PAGING, **dict.fromkeys(equal, parameters.text(5000)), **dict(filters)}
    read = parameters.read(call.params, readers, not_emulated=not_emulated)
    found = [
        obj
        for obj in shelf.newest_first()
        if all(obj.get(name) == read[name] for name in equal if name in read)
        and _created_within(obj, read.get("created", {}))
        and (keep is None or keep(obj, read))
    ]
    data, has_more = _cut(found, shelf, read)
    return {"object": "list", "data": data, "has_more": has_more, "url": call.path}


def _created_within(obj, bounds):
    return all(COMPARE[bound](obj["created"], moment) for bound, moment in bounds.items())


def _cut(found, shelf, read):
    limit = read.get("limit", DEFAULT_LIMIT)
    if "starting_after" in read and "ending_before" in read:
        raise InvalidParameter(
            "You may only specify one of these parameters: ending_before, starting_after.",
            code="parameters_exclusive",
            param="ending_before",
        )
    if "ending_before" in read:
        newer = found[: _position(found, shelf, read["ending_before"], "ending_before")]
        return newer[-limit:], len(newer) > limit
    start = 0
    if "starting_after" in read:
        start = _position(found, shelf, read["starting_after"], "starting_after") + 1
    return found[start : start + limit], len(found) > start + limit


def _position(found, shelf, object_id, param):
    """Where the cursor's object is among those found. Raises NoSuchObject."""
    cursor = shelf.get(object_id, param=param)
    for place, obj in enumerate(found):
        if obj is cursor:
            return place
    raise InvalidParameter(f"Invalid {param}: it is not part of this list.", param=param)
