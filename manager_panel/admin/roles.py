"""Who may do what in the admin. The role decides; grants in the database do not count."""

from accounts.models import Role

NOTHING = frozenset()
LOOK = frozenset({"view"})
EDIT = frozenset({"view", "add", "change", "delete"})


class ByRole:
    """Gives a page, or a part of one, to the roles that it names, and to nobody else."""

    admins_may = LOOK
    managers_may = NOTHING

    def may(self, request, verb: str) -> bool:
        """Whether whoever asks may `verb` (view, add, change, delete) rows of this kind."""
        allowed = {Role.ADMIN: self.admins_may, Role.MANAGER: self.managers_may}
        return verb in allowed.get(getattr(request.user, "role", None), NOTHING)

    def has_view_permission(self, request, obj=None):
        return self.may(request, "view")

    def has_add_permission(self, request, obj=None):
        return self.may(request, "add")

    def has_change_permission(self, request, obj=None):
        return self.may(request, "change")

    def has_delete_permission(self, request, obj=None):
        return self.may(request, "delete")

    def has_module_permission(self, request):
        return self.may(request, "view")
