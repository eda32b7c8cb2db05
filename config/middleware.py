"""What happens to a request before any view sees it."""

from django.urls import is_valid_path


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
            request.path_info += "/"
            request.path += "/"
        return get_response(request)

    return middleware
