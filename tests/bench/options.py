"""What `make bench ARGS=…` understands."""

from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser, Namespace


def read_options(arguments: list[str]) -> Namespace:
    """The options, checked. Leaves, with a usage message, when they are not understood."""
    parser = ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--rounds", type=positive, default=7, help="in which the cases take turns")
    parser.add_argument("--calls", type=positive, default=40, help="of each case in each round")
    parser.add_argument("--bookings", type=positive, default=100_000, help="that are there before")
    parser.add_argument("--crowd", type=positive, default=100_000, help="showtimes in the end")
    parser.add_argument("--seconds", type=positive, default=2, help="of clients, in each round")
    parser.add_argument("--only", default="", help="measure cases with these letters in their name")
    parser.add_argument("--profile", action="store_true", help="say where the time goes, too")
    parser.add_argument("--scale", action="store_true", help="measure growth, and nothing else")
    parser.add_argument("--panel", action="store_true", help="measure the panel, nothing else")
    parser.add_argument("--largest", type=positive, default=10**7, help="seats taken, of --scale")
    parser.add_argument("--sqlite", action="store_true", help="even if there is a PostgreSQL")
    return parser.parse_args(arguments)


def positive(text: str) -> int:
    """A number from 1 on. Raises ValueError, from which argparse makes its message."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
