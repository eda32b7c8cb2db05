"""What we hold about a person's work at theaters, for their own eyes."""

from .staff import StaffMember


def workplaces(user) -> list[dict]:
    """Where managers have named `user`, and for what."""
    named = StaffMember.objects.filter(user=user).select_related("theater").order_by("pk")
    return [{"theater": row.theater.name, "duty": row.duty, "since": row.since} for row in named]
