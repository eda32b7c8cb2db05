"""How the admin looks where we differ from its theme."""

from django.templatetags.static import static


def stylesheet(request) -> str:
    """The address of our stylesheet, for `UNFOLD["STYLES"]`: it is on every page of the admin."""
    return static("manager_panel/panel.css")


def favicon(request) -> str:
    """The address of what stands on the tab of the browser."""
    return static("manager_panel/icon.svg")


def signed_in_again(request) -> str:
    """The address of what keeps forms true over a new sign-in, for `UNFOLD["SCRIPTS"]`."""
    return static("manager_panel/signed_in_again.js")
