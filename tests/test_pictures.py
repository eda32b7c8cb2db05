"""Uploaded pictures: what is refused, what is kept of them, and when their files come and go."""

import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from PIL import Image
from rest_framework import generics, parsers, serializers
from rest_framework.permissions import AllowAny

from movies.models import Movie, Slide
from pictures import images
from pictures.serializers import PictureField
from theaters.models import Theater


class PosterSerializer(serializers.ModelSerializer):
    poster = PictureField(allow_null=True, required=False)

    class Meta:
        model = Movie
        fields = ["title", "poster"]


class PosterView(generics.RetrieveUpdateAPIView):
    """A door of its own: these tests are about the field, whichever view takes it."""

    permission_classes = [AllowAny]
    parser_classes = [parsers.JSONParser, parsers.MultiPartParser]
    serializer_class = PosterSerializer
    queryset = Movie.objects.all()


class SlideImageSerializer(serializers.ModelSerializer):
    image = PictureField()

    class Meta:
        model = Slide
        fields = ["image"]


class SlideImageView(PosterView):
    serializer_class = SlideImageSerializer
    queryset = Slide.objects.all()


urlpatterns = [
    path("api/posters/<int:pk>/", PosterView.as_view()),
    path("api/slide-images/<int:pk>/", SlideImageView.as_view()),
    path("", include("config.urls")),
]
pytestmark = pytest.mark.urls("tests.test_pictures")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """A folder for uploads that is empty at first."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def shop(transactional_db):
    """A film, and commits that are commits."""
    return Movie.objects.create(
        title="A", release_date="2026-01-01", duration_minutes=90, language="en"
    )


@pytest.fixture
def send(movie, client_of):
    """Send the bytes of a file as the poster of the film; answers the response."""

    def patch(content, name="poster.png"):
        file = SimpleUploadedFile("x", content, content_type="image/png")
        file._name = name  # as a client may write it, whatever Django makes of it
        return client_of().patch(f"/api/posters/{movie.pk}/", {"poster": file}, format="multipart")

    return patch


def drawn(picture=None, kind="PNG", **options) -> bytes:
    file = io.BytesIO()
    (picture or Image.new("RGB", (1000, 1500), "navy")).save(file, kind, **options)
    return file.getvalue()


def noise(kind, **options) -> bytes:
    return drawn(Image.effect_noise((400, 400), 60).convert("RGB"), kind, **options)


def upload(**colour) -> ContentFile:
    return ContentFile(drawn(), name="a.png")


def kept(media: Path) -> list[str]:
    return sorted(str(file.relative_to(media)) for file in media.rglob("*") if file.is_file())


def opened(client, url) -> Image.Image:
    return Image.open(io.BytesIO(b"".join(client.get(url).streaming_content)))


def png_that_claims(width, height) -> bytes:
    """A few bytes that promise a picture of any size."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("poster.png", drawn())
    return file.getvalue()


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Spy Camera Inc", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 20.0)})
    picture = Image.new("RGB", (600, 300), "red")
    picture.paste("blue", (0, 0, 300, 300))
    return drawn(picture, "JPEG", exif=exif, comment=b"psst", icc_profile=b"not a profile")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"
REFUSED = {
    "SVG": (SVG, "invalid_image"),
    "an XML declaration": (b'<?xml version="1.0"?>' + SVG, "invalid_image"),
    "HTML": (HTML, "invalid_image"),
    "a GIF that is HTML": (b"GIF89a/*" + HTML, "invalid_image"),
    "a zip": (archive(), "invalid_image"),
    "a PDF": (b"%PDF-1.7\n%%EOF", "invalid_image"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "invalid_image"),
    "a TIFF": (drawn(kind="TIFF"), "invalid_image"),
    "an icon": (drawn(kind="ICO"), "invalid_image"),
    "NULs": (b"\0" * 500, "invalid_image"),
    "half a PNG": (noise("PNG")[:9000], "invalid_image"),
    "half a JPEG": (noise("JPEG")[:9000], "invalid_image"),
    "half a WebP": (noise("WEBP")[:9000], "invalid_image"),
    "half a GIF": (noise("GIF")[:9000], "invalid_image"),
    "a PNG of its signature": (b"\x89PNG\r\n\x1a\n", "invalid_image"),
    "a PNG without pixels": (png_that_claims(0, 0), "invalid_image"),
    "a PNG with other pixels": (png_that_claims(900, 900), "invalid_image"),
    "nothing": (b"", "empty"),
    "a large file": (drawn() + b"\0" * 10 * 1024 * 1024, "image_too_large"),
    "51 megapixels": (png_that_claims(7_300, 7_000), "too_many_pixels"),
    "a bomb": (png_that_claims(60_000, 60_000), "too_many_pixels"),
    "the largest bomb": (png_that_claims(2**31 - 1, 2**31 - 1), "too_many_pixels"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_fitting_picture_is_refused_at_its_field(send, movie, media, content, code):
    started = time.process_time()
    response = send(content)
    assert time.process_time() - started < 1
    assert response.status_code == 400
    assert [(one["code"], one["attr"]) for one in response.json()["errors"]] == [(code, "poster")]
    movie.refresh_from_db()
    assert not movie.poster
    assert kept(media) == []


@pytest.mark.parametrize("content", ["x.png", 7, True, ["x"], {"small": "http://x.example/"}, 1e9])
def test_json_cannot_set_a_picture(client_of, movie, content):
    response = client_of().patch(f"/api/posters/{movie.pk}/", {"poster": content}, format="json")
    assert response.status_code == 400
    assert response.json()["errors"][0] | {"detail": ""} == {
        "code": "invalid", "detail": "", "attr": "poster",
    }  # fmt: skip


PICTURES = {
    "a JPEG": drawn(kind="JPEG"),
    "a progressive JPEG": drawn(kind="JPEG", progressive=True),
    "a CMYK JPEG": drawn(Image.new("CMYK", (1000, 1500), (0, 255, 255, 0)), "JPEG"),
    "a grey JPEG": drawn(Image.new("L", (1000, 1500), 99), "JPEG"),
    "a PNG": drawn(),
    "a 16-bit PNG": drawn(Image.new("I;16", (1000, 1500), 30000)),
    "a 1-bit PNG": drawn(Image.new("1", (1000, 1500))),
    "a WebP": drawn(kind="WEBP"),
    "an AVIF": drawn(kind="AVIF"),
    "a GIF that moves": drawn(
        Image.new("P", (1000, 1500)), "GIF", save_all=True,
        append_images=[Image.new("P", (1000, 1500), 1)],
    ),
    "a PNG that moves": drawn(save_all=True, append_images=[Image.new("RGB", (1000, 1500))]),
    "a PNG with a script behind it": drawn() + HTML,
}  # fmt: skip


@pytest.mark.parametrize("content", PICTURES.values(), ids=PICTURES)
def test_a_picture_becomes_webp_in_three_sizes(send, media, client, content):
    poster = send(content).json()["poster"]
    assert list(poster) == ["small", "medium", "large"]
    for url, size in zip(poster.values(), [(200, 300), (400, 600), (800, 1200)], strict=True):
        assert url.startswith("http://testserver/media/posters/")
        picture = opened(client, url)
        assert (picture.format, picture.size, picture.n_frames) == ("WEBP", size, 1)
    assert len(kept(media)) == 3
    assert not any(HTML in (media / name).read_bytes() for name in kept(media))


def test_sixteen_bits_keep_their_grey(send, client):
    poster = send(drawn(Image.new("I;16", (100, 100), 128 * 256))).json()["poster"]
    assert abs(opened(client, poster["large"]).getpixel((50, 50))[0] - 128) < 4


def see_through(mode):
    picture = Image.new("RGBA", (100, 100), (255, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 50, 100))
    return picture.convert(mode)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_kept(send, client, mode):
    picture = see_through("RGBA" if mode == "P" else mode)
    content = drawn(picture, "GIF" if mode == "P" else "PNG")
    picture = opened(client, send(content).json()["poster"]["large"])
    assert picture.getpixel((10, 50))[3] == 0
    assert picture.getpixel((90, 50))[3] == 255


def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken(send, client, media):
    poster = send(with_gps()).json()["poster"]
    for url in poster.values():
        picture = opened(client, url)
        assert picture.height == 2 * picture.width
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)
    top, bottom = (opened(client, poster["large"]).getpixel((100, y)) for y in (50, 550))
    assert top[2] > 200 > 60 > top[0]
    assert bottom[0] > 200 > 60 > bottom[2]
    assert not any(b"Spy Camera" in (media / name).read_bytes() for name in kept(media))


def test_a_small_picture_is_not_blown_up(send, client):
    poster = send(drawn(Image.new("RGB", (90, 120)))).json()["poster"]
    assert {opened(client, url).size for url in poster.values()} == {(90, 120)}


@pytest.mark.parametrize("size", [(1, 20_000), (20_000, 1), (1, 1)])
def test_strange_shapes_are_made_to_fit(send, size):
    assert send(drawn(Image.new("RGB", size))).status_code == 200


NAMES = [
    "../../etc/passwd.png", "..\\..\\x.png", "/etc/passwd", "a\0.png", "x" * 800 + ".png",
    "☠.svg", "poster.html", ".htaccess", "a.php.png", 'a"b\r\nX: y.png', "&#46;&#46;/x.png",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_gets_a_name_of_our_own(send, media, name):
    response = send(drawn(), name=name)
    assert response.status_code == 200
    large = Path(response.json()["poster"]["large"]).name
    assert len(large) == 32 + 5
    assert kept(media) == sorted(
        f"posters/{large.removesuffix('.webp')}{end}.webp" for end in ("", "-medium", "-small")
    )


def test_a_name_that_has_no_end_is_refused(send):
    assert send(drawn(), name="x" * 10_000 + ".png").status_code == 400


def test_null_and_an_empty_text_take_it_away(client_of, send, movie):
    for data, kind in (({"poster": None}, "json"), ({"poster": ""}, "multipart")):
        assert send(drawn()).json()["poster"]
        response = client_of().patch(f"/api/posters/{movie.pk}/", data, format=kind)
        assert response.json()["poster"] is None


def test_what_is_not_sent_stays(client_of, send, movie):
    poster = send(drawn()).json()["poster"]
    for kind in ("json", "multipart"):
        response = client_of().put(f"/api/posters/{movie.pk}/", {"title": "B"}, format=kind)
        assert response.json() == {"title": "B", "poster": poster}


def test_a_picture_that_must_be_there_cannot_be_taken_away(client_of, db):
    slide = Slide.objects.create(title="S", image="slides/x.jpg")
    for data, kind in (({"image": None}, "json"), ({"image": ""}, "multipart")):
        response = client_of().patch(f"/api/slide-images/{slide.pk}/", data, format=kind)
        assert response.status_code == 400
        assert response.json()["errors"][0]["attr"] == "image"


def test_a_picture_put_there_by_hand_is_shown_in_its_one_size(client, movie):
    Movie.objects.update(poster="posters/x.jpg", backdrop="")
    shown = client.get(f"/api/movies/{movie.pk}/").json()
    assert shown["poster"] == dict.fromkeys(
        ["small", "medium", "large"], "http://testserver/media/posters/x.jpg"
    )
    assert shown["backdrop"] is None


def test_films_slides_theaters_and_showtimes_show_theirs(client, movie, theater, showtime):
    movie.poster.save("a", upload())
    movie.backdrop.save("b", upload())
    theater.image.save("c", upload())
    Slide.objects.create(title="S", image=upload())
    film = client.get(f"/api/movies/{movie.pk}/").json()
    house = client.get("/api/theaters/").json()["results"][0]
    [slide] = client.get("/api/slides/").json()
    show = client.get(f"/api/showtimes/{showtime.pk}/").json()
    day = client.get(f"/api/theaters/{theater.pk}/showtimes/").json()
    assert show["movie"]["poster"] == film["poster"]
    assert all(one["poster"] == film["poster"] for one in day["movies"])
    for picture in (film["poster"], film["backdrop"], house["image"], slide["image"]):
        assert [client.get(url).status_code for url in picture.values()] == [200] * 3


def test_the_files_go_with_the_row(shop, media):
    shop.poster.save("a", upload())
    shop.backdrop.save("a", upload())
    assert len(kept(media)) == 6
    shop.delete()
    assert kept(media) == []


def test_a_new_picture_replaces_the_files_of_the_old_one(shop, media):
    for _ in range(2):
        shop.poster = upload()
        shop.save()
        before = kept(media)
        assert before == sorted(shop.poster.names.values())
    shop.poster = None
    shop.save()
    assert kept(media) == []


def test_delete_takes_the_files_and_the_name(shop, media):
    shop.poster.save("a", upload())
    shop.poster.delete()
    shop.refresh_from_db()
    assert not shop.poster
    assert kept(media) == []


def test_old_files_go_when_the_change_is_committed_and_not_before(shop, media):
    shop.poster.save("a", upload())
    old = kept(media)
    with transaction.atomic():
        shop.poster = upload()
        shop.save()
        assert len(kept(media)) == 6
    assert len(kept(media)) == 3
    assert not set(old) & set(kept(media))


class ChangedOurMind(Exception):
    pass


@pytest.mark.parametrize("change", ["replace", "remove", "delete the file", "delete the row"])
def test_a_rollback_keeps_the_old_files_and_takes_back_the_new(shop, media, change):
    shop.poster.save("a", upload())
    old = kept(media)
    row = Movie.objects.get()
    with pytest.raises(ChangedOurMind), transaction.atomic():
        if change == "replace":
            row.poster = upload()
            row.save()
            assert len(kept(media)) == 6
        elif change == "remove":
            row.poster = None
            row.save()
        elif change == "delete the file":
            row.poster.delete()
        else:
            row.delete()
        raise ChangedOurMind
    assert kept(media) == old
    assert sorted(Movie.objects.get().poster.names.values()) == old


def test_the_rollback_of_a_savepoint_takes_back_its_files_only(shop, media):
    with transaction.atomic():
        shop.poster.save("a", upload())
        with pytest.raises(ChangedOurMind), transaction.atomic():
            shop.backdrop.save("b", upload())
            raise ChangedOurMind
    assert kept(media) == sorted(shop.poster.names.values())


def test_a_row_that_the_database_refuses_leaves_no_files(shop, media):
    with pytest.raises(IntegrityError):
        Movie.objects.create(title="B", release_date="2026-01-01", duration_minutes=0,
                             language="en", poster=upload(), backdrop=upload())  # fmt: skip
    assert kept(media) == []
    shop.duration_minutes = 0
    with pytest.raises(IntegrityError):
        shop.poster.save("a", upload())
    assert kept(media) == []


def test_a_disk_that_is_full_half_way_leaves_no_files(shop, media, monkeypatch):
    write = default_storage.save

    def full(name, content):
        if "-small" in name:
            raise OSError(28, "No space left on device")
        return write(name, content)

    monkeypatch.setattr(Movie.poster.field.storage, "save", full)
    # Whoever keeps the error keeps what its traceback saw.
    with pytest.raises(OSError, match="No space") as error:
        shop.poster.save("a", upload())
    assert kept(media) == []
    assert error.tb


def test_bulk_create_keeps_pictures_too(shop, media):
    theater = Theater(name="T", slug="t", address="1", city="B", country="DE", image=upload(),
                      timezone="Europe/Berlin", currency="EUR", legal_name="T")  # fmt: skip
    Theater.objects.bulk_create([theater])
    assert kept(media) == sorted(Theater.objects.get().image.names.values())


# Serving


def test_a_picture_is_converted_before_a_transaction_is_open(
    transactional_db, client_of, admin, monkeypatch
):
    convert, open_then = images.renditions, []

    def watched(*args):
        open_then.append(connection.in_atomic_block)
        return convert(*args)

    monkeypatch.setattr(images, "renditions", watched)
    body = {"title": "Tonight", "image": upload()}
    key = {"Idempotency-Key": "tonight"}
    answer = client_of(admin).post("/api/slides/", body, format="multipart", headers=key)
    assert (answer.status_code, open_then) == (201, [False])


def test_pictures_are_served_as_what_they_are_for_ever(client, movie):
    movie.poster.save("a", upload())
    for url in movie.poster.urls.values():
        response = client.get(url)
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        again = client.get(url, headers={"If-Modified-Since": response.headers["Last-Modified"]})
        assert again.status_code == 304
        assert client.head(url).status_code == 200
        assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    ("name", "kind"),
    [("x.jpg", "image/jpeg"), ("x-1.jpeg", "image/jpeg"), ("X_2.png", "image/png")],
)
def test_a_page_that_is_called_a_picture_is_served_as_one(client, name, kind):
    default_storage.save(f"posters/{name}", ContentFile(HTML))
    response = client.get(f"/media/posters/{name}")
    assert response.headers["Content-Type"] == kind
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "immutable" not in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "", "posters", "posters/", "posters/x.svg", "posters/x.html", "posters/x", "x.webp",
        "posters/a/x.webp", "posters/.x.webp", "posters/x.webp.html", "posters/x.webp/",
        "../settings.png", "posters/../../x.png", "posters/%2e%2e/%2e%2e/x.png",
        "posters/%2e%2e%2fx.png", "//etc/x.png", "posters/x%00.png", "posters/x.png%0a",
        "posters/gone.webp", f"posters/{'0' * 32}.webp", "posters\\x.webp",
        "posters/" + "x" * 9000 + ".png",
    ],
)  # fmt: skip
def test_nothing_else_is_served(client, media, name):
    for file in ("posters/x.svg", "posters/x.html", "posters/x", "x.webp", "posters/a/x.webp",
                 "posters/.x.webp", "posters/x.webp.html", "posters/x.webp"):  # fmt: skip
        default_storage.save(file, ContentFile(HTML))
    (media.parent / "x.png").write_bytes(drawn())
    (media / "posters" / "folder.png").mkdir()
    assert client.get(f"/media/{name}").status_code == 404
    assert client.get("/media/posters/folder.png").status_code == 404


# The admin


@pytest.fixture
def office(admin):
    browser = Client()
    browser.force_login(admin)
    return browser


FILM = {
    "title": "B", "release_date": "2026-01-01", "duration_minutes": "90", "language": "en",
    "minimum_age": "0", "credits-TOTAL_FORMS": "0", "credits-INITIAL_FORMS": "0",
}  # fmt: skip


def test_the_form_of_a_film_takes_a_poster_and_shows_it(office, media):
    file = SimpleUploadedFile("☠ .JFIF", drawn(kind="JPEG"))
    response = office.post("/admin/movies/movie/add/", FILM | {"poster": file}, follow=True)
    assert response.status_code == 200
    movie = Movie.objects.get()
    assert kept(media) == sorted(movie.poster.names.values())
    page = office.get(f"/admin/movies/movie/{movie.pk}/change/").content.decode()
    assert f'<img src="{movie.poster.url}"' in page
    assert movie.poster.urls["small"] in office.get("/admin/movies/movie/").content.decode()
    office.post(f"/admin/movies/movie/{movie.pk}/change/", FILM | {"poster-clear": "on"})
    assert not Movie.objects.get().poster


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_the_form_says_at_the_field_what_is_wrong(office, media, content, code):
    response = office.post(
        "/admin/movies/movie/add/", FILM | {"poster": SimpleUploadedFile("a.png", content)}
    )
    errors = response.context["adminform"].form.errors.as_data()
    assert [(name, error.code) for name, [error] in errors.items()] == [("poster", code)]
    assert kept(media) == []


# The schema


def test_the_schema_says_file_in_and_three_addresses_out():
    schema = SchemaGenerator(patterns=urlpatterns[:1]).get_schema(public=True)
    parts = schema["components"]["schemas"]
    sent, shown = (parts[name]["properties"]["poster"] for name in ("PosterRequest", "Poster"))
    assert sent == {"type": "string", "format": "binary", "nullable": True}
    assert shown == {"allOf": [{"$ref": "#/components/schemas/Picture"}], "nullable": True}
    addresses = {size: {"type": "string", "format": "uri"} for size in ("small", "medium", "large")}
    assert parts["Picture"]["properties"] == addresses
    assert set(parts["Picture"]["required"]) == set(addresses)
