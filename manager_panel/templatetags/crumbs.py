"""Where a page is, in the words of the sidebar."""

from django import template
from django.urls import reverse

from ..navigation import GROUPS

register = template.Library()


@register.filter
def as_in_the_sidebar(parts: list[dict]) -> list[dict]:
    """
    The `parts` of unfold's title of a page, which begin with the app that a list is from and the
    list: with the group of the sidebar instead of the app, which is nobody's word but ours.
    """
    group = _groups().get(str(parts[1].get("link"))) if len(parts) > 1 else None
    return [{"title": group, "is_group": True}, *parts[1:]] if group else parts


def _groups() -> dict[str, str]:
    """By the address of a list, the group that it is in."""
    return {
        reverse(f"admin:{name.replace('.', '_')}_changelist"): title
        for title, models in GROUPS.items()
        for name in models
    }
