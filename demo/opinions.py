"""What the demo's customers thought of the films: stars, and why."""

from random import Random

from django.utils import timezone

from accounts.models import User
from bookings.models import Booking
from movies.models import Movie
from reviews.models import Review

from .films import FILMS
from .people import customers

TITLES = {film.slug: film.title for film in FILMS}
OPINIONS = {
    "aphelion-nine": [
        (
            5,
            "See it on the biggest screen you can find. When the rings filled the room, the whole "
            "row in front of us leaned back.",
        ),
        (
            4,
            "The middle hour is slow in the best way, then the log turns up and you stop "
            "breathing. Half a star off for a score that never rests.",
        ),
        (5, "Naledi Marsh carries this almost alone. I have thought about the last line all week."),
        (3, "Gorgeous, but I had guessed who wrote the log long before the crew did."),
    ],
    "the-blue-hours": [
        (5, "Nothing happens, and I cried twice. The cake on the window sill!"),
        (
            4,
            "Shot entirely in that quarter of an hour after sunset. You leave and the street looks "
            "different.",
        ),
        (3, "Lovely to look at; I'd have liked them to just cross the road once."),
    ],
    "the-clockmaker-of-gorlitz": [
        (
            4,
            "A costume drama with grease under its nails. The scene inside the movement is worth "
            "the ticket.",
        ),
        (
            5,
            "My grandfather repaired tower clocks and would have found nothing to complain about. "
            "He always found something.",
        ),
        (3, "Good actors, a little too much fog."),
    ],
    "halflight": [
        (4, "Alasdair Kerr can do more with a wet coat than others with a monologue."),
        (5, "The best sound I've heard this year. Sit in the middle and keep your phone off."),
        (4, "A ghost story for people who don't like ghost stories."),
    ],
    "the-house-below-the-house": [
        (4, "I counted my own windows when I got home. Twice."),
        (
            5,
            "No cheap jumps; it just slowly takes the floor away. Don't go alone to the late show.",
        ),
        (2, "Too dark for me, in both senses. My friends loved it."),
    ],
    "the-great-marzipan-heist": [
        (5, "Our two, six and nine, want to be locksmiths now. We laughed as much as they did."),
        (4, "Ninety minutes, not one of them wasted. Knacks the hamster deserves his own film."),
        (5, "The rope scene had the whole room cheering. Eat before you go, or you'll regret it."),
    ],
    "monsoon-express": [
        (5, "Two and a half hours and I wanted the train to be late. The umbrella number!"),
        (4, "Loud, silly, generous. My mother hummed it all the way home."),
        (4, "See it with a full house and subtitles; the jokes come twice."),
    ],
    "paper-cranes-at-low-tide": [
        (5, "Every frame could hang on a wall. Take the children, and a handkerchief for you."),
        (5, "Hana's island felt like a place where I had been as a child and forgotten."),
        (4, "A quiet film about waiting. The last flight is pure joy."),
    ],
    "salt-cathedral": [
        (4, "I forgot that there was a sky. Zofia Maren is a discovery."),
        (5, "Saw it on 70 mm: the salt glitters. An adventure like they used to be."),
        (3, "The pilgrims blur into one another, but the climb at the end is breathtaking."),
    ],
}


def load_opinions():
    """
    A review for each opinion: by somebody who has seen the film with us as long as there is one,
    else by somebody who has not. Ada says what she thought of the film that she saw.
    """
    for slug, opinions in OPINIONS.items():
        movie = Movie.objects.filter(title=TITLES[slug]).first()
        for author, (rating, text) in zip(_authors(movie), opinions, strict=False):
            Review.objects.write(movie=movie, user=author, rating=rating, text=text)


def _authors(movie) -> list[User]:
    bookings = Booking.objects.filter(
        showtime__movie=movie, showtime__ends_at__lt=timezone.now(), user__isnull=False
    )
    seen = list(User.objects.filter(bookings__in=bookings).distinct().order_by("pk"))
    rest = [user for user in customers() if user not in seen]
    Random(movie.title).shuffle(rest)
    return seen + rest
