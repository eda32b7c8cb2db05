"""The catalogue of films, and what the home page shows of it. Everybody looks, admins write."""

from django.utils.cache import get_conditional_response
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.response import Response

from accounts.permissions import IsAdminOrReadOnly
from pictures.uploads import WithPictures
from retries.once import once

from .filters import MovieFilter, PersonFilter, SlideFilter
from .listing import Catalogue, FilmList
from .models import Genre, Movie, Person, Slide
from .removal import InUse, remove
from .saving import ChangedMeanwhile
from .serializers import (
    GenreSerializer,
    MovieSerializer,
    MovieSummarySerializer,
    PersonSerializer,
    PersonSummarySerializer,
    SlideSerializer,
)
from .writing import NewMovieSerializer

# Parameters that say which part of the list is wanted, and not which films.
PAGING = {"page", "page_size"}


class CatalogueViewSet(viewsets.ModelViewSet):
    """Rows that everybody may see and admins write."""

    permission_classes = [IsAdminOrReadOnly]
    kept_for = 60
    lookup_value_converter = "int"
    raises = {
        "create": [ChangedMeanwhile],
        "update": [ChangedMeanwhile],
        "partial_update": [ChangedMeanwhile],
        "destroy": [InUse],
    }
    list_filter = None

    @property
    def filterset_class(self):
        return self.list_filter if self.action == "list" else None

    @once
    def create(self, request, *args, **kwargs):
        return super().create(request, *args, **kwargs)

    def perform_destroy(self, row):
        remove(row)


@extend_schema_view(
    list=extend_schema(summary="List films"),
    retrieve=extend_schema(summary="Show a film"),
    create=extend_schema(
        summary="Add a film", request=NewMovieSerializer, responses={201: MovieSerializer}
    ),
    update=extend_schema(
        summary="Write a film anew", request=NewMovieSerializer, responses=MovieSerializer
    ),
    partial_update=extend_schema(
        summary="Change a film", request=NewMovieSerializer, responses=MovieSerializer
    ),
    destroy=extend_schema(summary="Remove a film"),
)
class MovieViewSet(WithPictures, CatalogueViewSet):
    """
    The films that we show, have shown or will show. Everybody looks, admins write.

    A film with showtimes, or with a promo code of its own, cannot be removed.
    """

    queryset = Movie.objects.all()
    list_filter = MovieFilter

    def list(self, request):
        """
        Films by title, or as `ordering` says; the best matches of a `search` first. Several filters
        narrow together.
        """
        films = self._asked_for(request)
        rows = self.paginate_queryset(films)
        known = Response(headers={"ETag": films.etag(rows, self.paginator.page.paginator.count)})
        answer = get_conditional_response(request, known["ETag"], response=known)
        if answer is known:
            known.data = self.get_paginated_response(films.films(rows)).data
        return answer

    def _asked_for(self, request) -> FilmList:
        link = request.build_absolute_uri
        if request.query_params.keys() <= PAGING:
            return Catalogue(link)
        return FilmList(self.filter_queryset(self.get_queryset()), link)

    def get_queryset(self):
        movies = super().get_queryset()
        return movies.with_when().with_details() if self.action == "retrieve" else movies

    def get_serializer_class(self):
        if self.action == "list":
            return MovieSummarySerializer
        return MovieSerializer if self.action == "retrieve" else NewMovieSerializer


@extend_schema_view(
    list=extend_schema(summary="List genres"),
    retrieve=extend_schema(summary="Show a genre"),
    create=extend_schema(summary="Add a genre"),
    update=extend_schema(summary="Write a genre anew"),
    partial_update=extend_schema(summary="Change a genre"),
    destroy=extend_schema(summary="Remove a genre"),
)
class GenreViewSet(CatalogueViewSet):
    """
    The kinds of film, by name. Not paged: there are few. Everybody looks, admins write.

    One that films have cannot be removed.
    """

    queryset = Genre.objects.all()
    serializer_class = GenreSerializer
    pagination_class = None


@extend_schema_view(
    list=extend_schema(summary="List people"),
    retrieve=extend_schema(summary="Show a person"),
    create=extend_schema(summary="Add a person"),
    update=extend_schema(summary="Write a person anew"),
    partial_update=extend_schema(summary="Change a person"),
    destroy=extend_schema(summary="Remove a person"),
)
class PersonViewSet(WithPictures, CatalogueViewSet):
    """
    Those who make films and play in them, with what they did. Everybody looks, admins write.

    Somebody who is in the credits of a film cannot be removed.
    """

    queryset = Person.objects.all()
    list_filter = PersonFilter

    def get_serializer_class(self):
        return PersonSummarySerializer if self.action == "list" else PersonSerializer


@extend_schema_view(
    list=extend_schema(summary="List the slides of the home page"),
    retrieve=extend_schema(summary="Show a slide"),
    create=extend_schema(summary="Add a slide"),
    update=extend_schema(summary="Write a slide anew"),
    partial_update=extend_schema(summary="Change a slide"),
    destroy=extend_schema(summary="Remove a slide"),
)
class SlideViewSet(WithPictures, CatalogueViewSet):
    """
    What the home page shows now, in order. Not paged: there are few. Everybody looks, admins write.

    A new one needs its picture, so it comes as a form. Admins find those that are not on show, too.
    """

    queryset = Slide.objects.all()
    serializer_class = SlideSerializer
    pagination_class = None
    list_filter = SlideFilter

    def get_queryset(self):
        return super().get_queryset().for_user(self.request.user)
