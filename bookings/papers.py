"""Answers that are not JSON: papers and pictures, for their owner only."""

from django.http import HttpResponse
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.utils.mediatypes import media_type_matches


class Paper(DefaultContentNegotiation):
    """May be asked for as the `media_type` that it is. A refusal is JSON all the same."""

    media_type = ""

    def select_renderer(self, request, renderers, format_suffix=None):
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            wanted = self.get_accept_list(request)
            if not any(media_type_matches(self.media_type, one) for one in wanted):
                raise
            return renderers[0], renderers[0].media_type


class PDF(Paper):
    media_type = "application/pdf"


class CSV(Paper):
    media_type = "text/csv"


class PNG(Paper):
    media_type = "image/png"


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """`pdf`, to be shown in the browser or kept under `name`."""
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type=PDF.media_type, headers=disposition)


def png_response(png: bytes) -> HttpResponse:
    return HttpResponse(png, content_type=PNG.media_type)
