"""Pages for developers: the mails in the outbox, sent or not."""

from functools import wraps

from django.conf import settings
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from post_office.models import Attachment, Email

LISTED = 100
# What somebody wrote is only looked at: no script, and nothing from elsewhere, as in a mailbox.
AS_IN_A_MAILBOX = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "default-src 'none'; style-src 'unsafe-inline'"
)


def in_development(view):
    """Mails hold links that open bookings: with DEBUG off, `view` is not there."""

    @require_safe
    @wraps(view)
    def guarded(request, **kwargs):
        if not settings.DEBUG:
            raise Http404
        return view(request, **kwargs)

    return guarded


@in_development
def mails(request):
    """The last mails, the newest first."""
    written = Email.objects.annotate(papers=Count("attachments")).order_by("-pk")[:LISTED]
    return render(request, "accounts/dev_mail/mails.html", {"mails": written, "listed": LISTED})


@in_development
def mail(request, pk: int):
    """One mail, as text and as HTML, with its papers."""
    return render(request, "accounts/dev_mail/mail.html", {"mail": _mail(pk)})


@xframe_options_sameorigin
@in_development
def html(request, pk: int):
    """The HTML of a mail, and nothing else."""
    # Its links lead out of the frame.
    shown = _mail(pk).html_message.replace("<head>", '<head><base target="_blank">', 1)
    page = HttpResponse(shown)
    page["Content-Security-Policy"] = AS_IN_A_MAILBOX
    return page


@in_development
def paper(request, pk: int, attachment: int):
    """A paper that a mail brings along."""
    found = get_object_or_404(Attachment, emails=pk, pk=attachment)
    try:
        return FileResponse(found.file.open(), filename=found.name, content_type=found.mimetype)
    except FileNotFoundError as gone:
        raise Http404 from gone


def _mail(pk: int) -> Email:
    return get_object_or_404(Email.objects.prefetch_related("attachments"), pk=pk)
