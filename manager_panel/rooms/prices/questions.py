"""What is asked about prices: which showtime, whose seat, booked when, with which code."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django import forms
from django.utils import timezone

from movies.models import Movie
from showtimes.models import Showtime
from showtimes.price_rules import TicketType
from theaters.models import DAY_STARTS_AT, Screen, SeatCategory, Theater, cinema_date, cinema_day

OTHER = "other"
ANY_FILM = "any other film"
DAYS = 7
# Far enough for every plan, and no further than a calendar goes.
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
MOST_TICKETS = 20


def day_field(label: str, **kwargs) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


class Questions(forms.Form):
    """
    Asked about `theater`. `heard` is what is answered so far; what is missing there, or makes no
    sense any more (a showtime of another week), has a default.
    """

    week = day_field("Week from")
    showtime = forms.ChoiceField(required=False)
    movie = forms.ModelChoiceField(
        Movie.objects.none(), label="Film", required=False, empty_label=ANY_FILM.capitalize()
    )
    screen = forms.ModelChoiceField(Screen.objects.none(), required=False, empty_label=None)
    format = forms.ChoiceField(choices=Showtime.Format.choices, required=False)
    day = day_field("On the day", required=False)
    time = forms.TimeField(
        label="Starts at", required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    category = forms.ModelChoiceField(SeatCategory.objects.none(), label="Seat", empty_label=None)
    type = forms.ChoiceField(label="Ticket for", choices=TicketType.choices)
    tickets = forms.IntegerField(min_value=1, max_value=MOST_TICKETS)
    booked_on = day_field("Booked on")
    promo_code = forms.CharField(
        required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, theater: Theater, heard: Mapping[str, str]):
        self.theater = theater
        self.first_day = self._first_day(heard.get("week"))
        self.showtimes = list(self._showtimes_of_the_week())
        self.screens = list(theater.screens.all())
        self.categories = list(theater.seat_categories.all())
        given = {name: heard[name] for name in self.base_fields if heard.get(name, "") != ""}
        answers = self._defaults() | given | {"week": self.first_day.isoformat()}
        # The form of a rule, on whose page this is too, has fields of the same names.
        super().__init__(answers, auto_id="ask_%s")
        self.data["showtime"] = self._showtime_among(heard)
        self._offer()
        self._forget_what_is_elsewhere()

    @property
    def can_be_answered(self) -> bool:
        """Whether there are seats to be sold at all."""
        return bool(self.screens and self.categories)

    @property
    def is_other(self) -> bool:
        """Whether it is about a showtime that nobody has planned."""
        return self.data["showtime"] == OTHER

    def asked_showtime(self) -> Showtime:
        """The showtime that is asked about; once the form is valid."""
        if not self.is_other:
            return next(one for one in self.showtimes if str(one.pk) == self.data["showtime"])
        answers, today = self.cleaned_data, self.theater.today()
        starts = answers.get("time") or time(20)
        day = answers.get("day") or today
        # The small hours belong to the evening before.
        day += timedelta(starts < DAY_STARTS_AT)
        screen = answers.get("screen") or self.screens[0]
        screen.theater = self.theater
        return Showtime(
            movie=answers.get("movie") or Movie(title=ANY_FILM),
            screen=screen,
            starts_at=datetime.combine(day, starts, self.theater.zone),
            format=answers.get("format") or Showtime.Format.TWO_D,
        )

    @property
    def how_many(self) -> int:
        """So many tickets; one, if what was typed there is no such number."""
        return self.cleaned_data.get("tickets") or 1

    def day_of_booking(self) -> date | None:
        """The cinema day; None for today, if what was typed there is no day."""
        return self.cleaned_data.get("booked_on")

    def moment_of_booking(self) -> datetime:
        """Now, or at this hour on the day that was asked about."""
        now, day = timezone.now(), self.cleaned_data.get("booked_on")
        if day in (None, self.theater.today()):
            return now
        return datetime.combine(day, now.astimezone(self.theater.zone).time(), self.theater.zone)

    def _first_day(self, text) -> date:
        try:
            day = date.fromisoformat(text or "")
        except ValueError:
            return self.theater.today()
        return min(max(day, FIRST), LAST)

    def _showtimes_of_the_week(self):
        begins, _ = cinema_day(self.first_day, self.theater.timezone)
        _, ends = cinema_day(self.first_day + timedelta(DAYS - 1), self.theater.timezone)
        rows = Showtime.objects.filter(
            screen__theater=self.theater, starts_at__gte=begins, starts_at__lt=ends
        )
        rows = rows.exclude(status=Showtime.Status.CANCELLED)
        return rows.select_related("movie", "screen__theater").order_by("starts_at", "screen__name")

    def _showtime_among(self, heard) -> str:
        known = [str(one.pk) for one in self.showtimes]
        wanted = heard.get("showtime", "")
        if wanted == OTHER or wanted in known:
            return wanted
        now = timezone.now()
        coming = [str(one.pk) for one in self.showtimes if one.starts_at > now]
        return next(iter(coming or known), OTHER)

    def _defaults(self) -> dict[str, str]:
        today = self.theater.today().isoformat()
        return {
            "day": max(today, self.first_day.isoformat()),
            "time": "20:00",
            "format": Showtime.Format.TWO_D,
            "screen": str(self.screens[0].pk) if self.screens else "",
            "category": str(self.categories[0].pk) if self.categories else "",
            "type": TicketType.ADULT,
            "tickets": "1",
            "booked_on": today,
        }

    def _offer(self):
        films = {one.movie_id for one in self.showtimes}
        fields = self.fields
        fields["showtime"].choices = [*self._by_day(), (OTHER, "Another film or time …")]
        shown_here = Movie.objects.filter(pk__in=films)
        fields["movie"].queryset = shown_here | Movie.objects.coming_soon()
        fields["screen"].queryset = Screen.objects.filter(theater=self.theater)
        fields["screen"].label_from_instance = lambda screen: screen.name
        fields["category"].queryset = SeatCategory.objects.filter(theater=self.theater)
        fields["category"].label_from_instance = lambda category: category.name
        for name in ("week", "day", "booked_on"):
            fields[name].widget.attrs |= {"min": FIRST.isoformat(), "max": LAST.isoformat()}

    def _forget_what_is_elsewhere(self):
        """What was chosen of another theater, or in a week when another film was on."""
        defaults = self._defaults()
        for name in ("movie", "screen", "category"):
            field = self.fields[name]
            try:
                field.to_python(self.data.get(name))
            except forms.ValidationError:
                self.data[name] = defaults.get(name, "")

    def _by_day(self):
        zone = self.theater.timezone
        for day, showtimes in groupby(self.showtimes, lambda one: cinema_date(one.starts_at, zone)):
            yield f"{day:%A %d %B}", [(str(one.pk), in_short(one)) for one in showtimes]

    def clean(self):
        answers = super().clean()
        for name in ("day", "booked_on"):
            if (day := answers.get(name)) and not FIRST <= day <= LAST:
                self.add_error(name, f"A day from {FIRST:%Y} to {LAST:%Y}.")
        return answers


def in_short(showtime: Showtime) -> str:
    """As in 20:15 Dune, Screen 1."""
    start = showtime.starts_at.astimezone(showtime.theater.zone)
    return f"{start:%H:%M} {showtime.movie.title}, {showtime.screen.name}"
