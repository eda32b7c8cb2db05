"""Which bookings: of whom, in which state, and what they come to."""

from decimal import Decimal

from django.db import models
from django.db.models import Count, Q, Sum, Value
from django.db.models.functions import Lower
from django.utils import timezone

from showtimes.models import Showtime
from theaters.models import Theater

from .spelling import bookings_called
from .ticket import Ticket


class BookingQuerySet(models.QuerySet):
    def owned_by(self, user):
        """Those that `user` made while signed in."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def in_hands_of(self, user, *, access_key: str = ""):
        """Those that `user` made, and the one that `access_key` opens."""
        key = Q(access_key=access_key) if access_key else Q(pk=None)
        return self.filter(key | Q(user=user) if user.is_authenticated else key)

    def for_user(self, user, *, access_key: str = ""):
        """
        What `user` may see: their own bookings, those in theaters that they manage, and the one
        that `access_key` opens.
        """
        visible = Q(access_key=access_key) if access_key else Q(pk=None)
        if user.is_authenticated:
            visible |= Q(user=user)
        if getattr(user, "is_staff", False):
            theaters = Theater.objects.managed_by(user)
            visible |= Q(showtime__screen__theater__in=theaters)
        return self.filter(visible)

    def called(self, text: str):
        """
        Those that somebody means who says `text`: parts of a reference, a name, a telephone number
        or an address, in whatever case and without accents.
        """
        return self.filter(bookings_called(text))

    def overdue(self):
        """Pending bookings whose hold has run out."""
        return self.filter(status=self.model.Status.PENDING, held_until__lte=timezone.now())

    def held_now(self):
        """Pending bookings whose seats are held at this moment."""
        return self.filter(status=self.model.Status.PENDING, held_until__gt=timezone.now())

    def made_by(self, *, user, email: str):
        """Those of one person: of `user`, or, for a guest, those with this e-mail address."""
        if user:
            return self.filter(user=user)
        return self.alias(address=Lower("contact_email")).filter(user=None, address=email.lower())

    def made_as_guest(self, email: str):
        """Those that nobody was signed in for, with this address in whatever case."""
        return self.alias(address=Lower("contact_email")).filter(
            user=None, address=Lower(Value(email))
        )

    def in_status(self, wanted: str):
        """Those whose `status_now` is `wanted`."""
        if wanted == self.model.Status.PENDING:
            return self.held_now()
        if wanted == self.model.Status.EXPIRED:
            return self.filter(status=wanted) | self.overdue()
        return self.filter(status=wanted)

    def upcoming(self):
        """Those whose showtime has not started."""
        return self.filter(showtime__starts_at__gt=timezone.now())

    def started(self):
        """Those whose showtime has started."""
        return self.filter(showtime__starts_at__lte=timezone.now())

    def disputed(self):
        """Those whose money a bank has taken back, or is about to: ask at the door."""
        return self.filter(disputed_at__isnull=False)

    def of_people_who_left(self):
        """Those of deleted accounts whose showtime is over and that still say whom to write to."""
        silent = Q(contact_name="", contact_email="", contact_phone="")
        return self.filter(
            user__left_at__isnull=False, showtime__ends_at__lte=timezone.now()
        ).exclude(silent)

    def forget_contacts(self) -> int:
        """Blank whom to write to. Answers for how many bookings."""
        return self.update(contact_name="", contact_email="", contact_phone="")

    def with_details(self):
        """Each with all that the API says of it, in four queries however many they are."""
        return self.select_related(
            "showtime__movie", "showtime__screen__theater", "promo_code"
        ).prefetch_related("lines", "tickets__seat__category")

    def called_off(self):
        """Those that the house owes an end to: their showtime is cancelled, and they go on."""
        going_on = [self.model.Status.PENDING, self.model.Status.CONFIRMED]
        showtimes = Showtime.objects.to_empty()
        return self.filter(showtime__in=showtimes, status__in=going_on)

    def at_stake(self) -> dict:
        """
        What it takes to call these off: how many `bookings` have how many `tickets` that are good,
        what `amount` was paid for these, and how many are `unpaid`. Two queries.
        """
        good = Ticket.objects.valid().filter(booking__in=self.order_by())
        figures = good.aggregate(
            bookings=Count("booking", distinct=True), tickets=Count("pk"), amount=Sum("paid")
        )
        unpaid = self.filter(status=self.model.Status.PENDING).count()
        return figures | {"amount": figures["amount"] or Decimal(0), "unpaid": unpaid}

    def using_it_now(self):
        """Of the bookings with a promo code, those that count as a use of it."""
        return self.filter(
            Q(status=self.model.Status.CONFIRMED)
            | Q(status=self.model.Status.PENDING, held_until__gt=timezone.now())
        )

    def of_person(self, *, user, email: str):
        """
        Those of one person, however they came: of `user`, also as a guest with the address of the
        account; or of the guest at `email`, also while signed in. Capitals make no difference.
        """
        email = user.email if user else email
        theirs = Q(user=user) if user else Q(pk=None)
        if email:
            theirs |= Q(user=None, contact_email__iexact=email) | Q(user__email__iexact=email)
        return self.filter(theirs)
