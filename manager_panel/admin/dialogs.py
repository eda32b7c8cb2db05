"""What the windows of actions have in common: a form for one row, and back to its page."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from rest_framework.exceptions import APIException
from unfold.forms import BaseDialogForm

from .choices import understood


class Dialogs:
    """Gives a page actions for the one row that it shows, if this person may see it."""

    def get_urls(self):
        """The windows, too, open for rows that this person may see; others are a 404."""
        urls = super().get_urls()
        windows = {window.action_name for window in self._get_base_actions_detail()}
        for url in urls:
            if url.name in windows:
                url.callback = self._only_what_is_seen(url.callback)
        return urls

    def _only_what_is_seen(self, view):
        @wraps(view)
        def opened(request, *args, object_id, **kwargs):
            if self.has_view_permission(request):
                self.own(request, object_id)
            return view(request, *args, object_id=object_id, **kwargs)

        return opened

    def find(self, request, object_id):
        """The row of that id, or None for one that this person does not see."""
        if understood(self.opts.pk, object_id):
            return self.get_queryset(request).filter(pk=object_id).first()
        return None

    def own(self, request, object_id):
        """The same; raises Http404 where there is none."""
        row = self.find(request, object_id)
        if row is None:
            raise Http404
        return row

    def done(self, request, row, change, *args, said: str, **kwargs) -> HttpResponse:
        """Do `change`, say so or why not, and show the page of `row` anew."""
        try:
            change(*args, **kwargs)
        except APIException as refusal:
            messages.error(request, str(refusal.detail))
        else:
            messages.success(request, said)
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        return HttpResponse(headers={"HX-Redirect": page})


class DialogForm(BaseDialogForm):
    """A form in a window; by itself it asks whether to go on."""
