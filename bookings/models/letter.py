"""A letter: what somebody is to be told by mail, put down in the transaction that causes it."""

from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from post_office.models import STATUS, Email

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# RFC 2606, section 2: no mail reaches it; prove_no_double_sale books with such addresses.
NOBODYS = ".invalid"
# Not so long gone that nothing is left to look at: some of many, and there is an index of them.
ON_THEIR_WAY = Q(written_at=None, dropped_at=None) | Q(mail__isnull=False) | ~Q(error="")


class LetterQuerySet(models.QuerySet):
    def write(self, booking, kind: str, **details):
        """
        Have the customer of `booking` told, with `details` that JSON can say; in the transaction
        that causes it. One INSERT, and none for a booking that has no address: the answer is None.
        """
        if not booking.contact_email:
            return None
        return self.create(booking=booking, kind=kind, details=details)

    def waiting(self):
        """Those that nobody has written yet, and that somebody still wants."""
        return self.filter(written_at=None, dropped_at=None)

    def with_details(self):
        """Each with all that its text speaks of."""
        return self.select_related(
            "booking__showtime__movie", "booking__showtime__screen__theater", "booking__user"
        )

    def claim(self, limit: int) -> list["Letter"]:
        """
        Up to `limit` waiting ones that are due, put off so that no other worker gets them now;
        those of a worker that dies come due again. Waits double up to an hour.
        """
        now = timezone.now()
        with transaction.atomic():
            due = self.waiting().filter(next_try_at__lte=now).order_by("next_try_at", "pk")
            letters = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
            for letter in letters:
                wait = min(FIRST_WAIT * 2 ** min(letter.tries, 10), LONGEST_WAIT)
                Letter.objects.filter(pk=letter.pk).update(
                    tries=F("tries") + 1, next_try_at=now + wait
                )
        return letters

    def of_money_that_went(self, booking):
        """Those that wait to say of `booking` that money went back."""
        return self.waiting().filter(booking=booking, kind=Letter.Kind.REFUNDED)

    def of_refund(self, refund_id, kind: str):
        """Those of a `kind` that say what became of that refund of payments."""
        return self.filter(kind=kind, details__refund=str(refund_id))

    def stuck(self, *, since=timedelta(hours=1)):
        """
        Those for a person to look at: that cannot be written, as `error` says, or that have not
        left for longer than `since`.
        """
        unsent = Q(dropped_at=None, mail=None, written_at=None) | Q(mail__status__gt=STATUS.sent)
        return self.filter(
            ON_THEIR_WAY, ~Q(error="") | unsent & Q(created_at__lte=timezone.now() - since)
        ).select_related("booking", "mail")


class Letter(models.Model):
    """
    Something that the customer of `booking` is to be told. Nothing waits for it: the text and the
    papers are made later, by payments.letters, and go by accounts.outbox as `mail`. `details` holds
    what cannot be looked up then. It names nobody; whoever is forgotten is not written to.
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "Your tickets"
        FOUND_AGAIN = "found_again", "Paid late: the seats were still free"
        TOO_LATE = "too_late", "Paid in vain: the money goes back"
        CANCELLED = "cancelled", "Tickets were cancelled"
        EXCHANGED = "exchanged", "Seats were exchanged"
        REFUNDED = "refunded", "Money went back"
        REFUND_FAILED = "refund_failed", "Money that was to go back did not arrive"
        SHOWTIME_CANCELLED = "showtime_cancelled", "The showtime is cancelled"

    booking = models.ForeignKey("Booking", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=18, choices=Kind)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, help_text="Why it cannot be written.")
    written_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(
        Email, on_delete=models.SET_NULL, related_name="letters", null=True, blank=True
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at"], name="letters_by_when_caused"),
            models.Index(
                fields=["next_try_at"],
                condition=Q(written_at=None, dropped_at=None),
                name="letters_to_write",
            ),
            models.Index(fields=["booking"], condition=ON_THEIR_WAY, name="letters_on_their_way"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(written_at=None) | Q(dropped_at=None),
                name="a_written_letter_is_not_dropped",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.booking_id}"

    @property
    def is_wanted(self) -> bool:
        """
        Whether there is still somebody to write to. Whoever deletes their account keeps their
        tickets, and is told of them at the booking's own address until that is forgotten, which it
        is after the show.
        """
        address = self.booking.contact_email
        return bool(address) and not address.endswith(NOBODYS)

    def written_as(self, put) -> bool:
        """
        Keep the mail that `put` makes, once: False, and no mail, if another worker was first. One
        transaction, so that the mail is there if, and only if, the letter is written.
        """
        with transaction.atomic():
            mine = Letter.objects.waiting().filter(pk=self.pk)
            if not mine.update(written_at=timezone.now(), error=""):
                return False
            Letter.objects.filter(pk=self.pk).update(mail=put())
        return True

    def drop(self):
        """Nobody is to be told that any more."""
        Letter.objects.waiting().filter(pk=self.pk).update(dropped_at=timezone.now())

    def set_aside(self, error: str):
        """It can never be written as it is; `error` says why."""
        Letter.objects.waiting().filter(pk=self.pk).update(
            dropped_at=timezone.now(), error=error[:500]
        )

    def failed(self, error: str):
        """It could not be written, and is tried again when it is due."""
        Letter.objects.waiting().filter(pk=self.pk).update(error=error[:500])
