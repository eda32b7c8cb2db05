"""What happens to a request before any view sees it, and to an answer after."""

from urllib.parse import parse_qsl, urlencode

from django.urls import is_valid_path
from django.utils.cache import patch_cache_control, patch_vary_headers

from .errors import refusal
from .legacy_urls import PARAMETERS, canonical, renamed


def old_addresses_are_answered(get_response):
    """Answer an address of the systems that Marquee replaces as the one that took its place."""

    def middleware(request):
        if new := canonical(request.path_info):
            _go_to(request, new)
        return get_response(request)

    return middleware


def api_paths_end_in_a_slash(get_response):
    """
    Answer `/api/movies` as `/api/movies/`, for every method.

    A redirect would lose the body of a POST, and many HTTP clients drop the Authorization header
    with it.
    """

    def middleware(request):
        path = request.path_info
        if (
            path.startswith("/api/")
            and not path.endswith("/")
            and not is_valid_path(path)
            and is_valid_path(f"{path}/")
        ):
            _go_to(request, f"{path}/")
        return get_response(request)

    return middleware


def _go_to(request, address: str):
    request.path = request.path.removesuffix(request.path_info) + address
    request.path_info = address


def api_queries_are_text(get_response):
    """
    Refuse query parameters that no text can be (not UTF-8, or with a NUL in them), naming the
    parameter, and read those of the systems that Marquee replaces.
    """

    def middleware(request):
        if not request.path_info.startswith("/api/") or not request.META.get("QUERY_STRING"):
            return get_response(request)
        query = request.META["QUERY_STRING"]
        pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
        for name, value in pairs:
            if not _is_text(name + value):
                name = name if _is_text(name) else None
                return refusal(400, "invalid", "This is not text in UTF-8.", attr=name)
        modern = [_modern(request.path_info, *pair) for pair in pairs]
        if modern != pairs:
            request.META["QUERY_STRING"] = urlencode(modern)
        return get_response(request)

    return middleware


def _is_text(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= one <= "\udfff" for one in value)


def _modern(path: str, name: str, value: str) -> tuple[str, str]:
    if path == "/api/seats/" and name == "showtime":
        value = value.removesuffix("/")
    [name] = renamed({name: value}, PARAMETERS)
    return name, value


class KeptFor:
    """
    Says who may keep an answer of the API, and for how long.

    A view that says the same to everybody has `kept_for = <seconds>`, 0 where it must be asked for
    news each time; whoever is signed in asks each time, since what they change they want to see.
    Everything else is its reader's own. An error is kept by nobody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path_info.startswith("/api/") and not response.has_header("Cache-Control"):
            patch_cache_control(response, **self._how(request, response))
            patch_vary_headers(response, ["Accept", "Authorization"])
        return response

    def process_view(self, request, view, args, kwargs):
        request.kept_for = getattr(getattr(view, "cls", None), "kept_for", None)

    def _how(self, request, response) -> dict:
        if request.method not in ("GET", "HEAD") or response.status_code not in (200, 304):
            return {"no_store": True}
        seconds = getattr(request, "kept_for", None)
        if seconds is None or "Authorization" in request.headers:
            return {"private": True, "no_cache": True}
        return {"public": True, "max_age": seconds} if seconds else {"no_cache": True}
