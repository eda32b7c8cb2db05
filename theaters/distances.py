"""How far it is, as the crow flies."""

from typing import NamedTuple

from django.db.models import ExpressionWrapper, FloatField, Value
from django.db.models.functions import ATan2, Cast, Cos, Power, Radians, Sin, Sqrt

# The mean radius of the earth by the International Union of Geodesy and Geophysics.
EARTH_KM = 6371.0088


class Point(NamedTuple):
    """A place on earth, in degrees."""

    latitude: float
    longitude: float


def kilometres(point: Point, latitude, longitude) -> ExpressionWrapper:
    """
    The great-circle distance in km from `point` to where two columns (in degrees) lead, computed by
    the database; NULL without coordinates. By the formula that is exact for neighbours and for
    antipodes alike, and never leaves the domain of a function by a rounding error:
    https://en.wikipedia.org/wiki/Great-circle_distance#Computational_formulae
    """
    here, there = _radians(Value(point.latitude)), _radians(latitude)
    turn = _radians(longitude) - _radians(Value(point.longitude))
    across = Cos(there) * Sin(turn)
    along = Cos(here) * Sin(there) - Sin(here) * Cos(there) * Cos(turn)
    onward = Sin(here) * Sin(there) + Cos(here) * Cos(there) * Cos(turn)
    angle = ATan2(Sqrt(Power(across, 2.0) + Power(along, 2.0)), onward)
    return ExpressionWrapper(angle * Value(EARTH_KM), output_field=FloatField())


def _radians(degrees) -> Radians:
    return Radians(Cast(degrees, FloatField()))
