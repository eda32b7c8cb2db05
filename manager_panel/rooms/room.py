"""What all rooms have in common: whose rows they show, and how they speak."""

from django.core.exceptions import PermissionDenied
from django.views.generic import TemplateView, View
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView


def row_to_change(request, model_admin, object_id):
    """
    The row of that id, if `model_admin` (one of our pages with `Dialogs`) shows it to whoever asks.
    Raises Http404 where it does not, PermissionDenied for who may only look.
    """
    row = model_admin.own(request, object_id)
    if not model_admin.has_change_permission(request, row):
        raise PermissionDenied
    return row


class Room(TemplateView):
    """
    The page of a room about one row, which templates know as `original`. `script` and `style` are
    static files.
    """

    title = script = style = ""

    def dispatch(self, request, *args, model_admin, object_id, **kwargs):
        self.model_admin, self.row = model_admin, row_to_change(request, model_admin, object_id)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **self.model_admin.admin_site.each_context(self.request),
            **kwargs,
            opts=self.model_admin.opts,
            original=self.row,
            title=f"{self.title}: {self.row}",
            facts=self.facts(self.row),
            script=self.script,
            style=self.style,
        )

    def facts(self, row) -> dict:
        """What the script of the page knows to begin with; it is in the page as JSON."""
        return {}


class Tried(View):
    """
    What a form of `self.model_admin` would do, if it was saved: that of `self.row`, or where this
    is None of one that is added. Changes nothing.
    """

    http_method_names = ["post"]

    def dispatch(self, request, *args, model_admin, object_id=None, **kwargs):
        self.model_admin = model_admin
        self.row = row_to_change(request, model_admin, object_id) if object_id else None
        return super().dispatch(request, *args, **kwargs)

    def form(self, request):
        """What was sent."""
        form_class = self.model_admin.get_form(request, self.row, change=bool(self.row))
        return form_class(request.POST, request.FILES, instance=self.row)


class RoomData(APIView):
    """
    What the script of a room asks and tells, about `self.row`. Answers and errors are those of the
    API; who asks is known by the session, with Django's token against forged requests.
    """

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]
    schema = None

    def initial(self, request, *args, model_admin, object_id, **kwargs):
        super().initial(request, *args, **kwargs)
        self.row = row_to_change(request, model_admin, object_id)
