"""The QR code of a ticket reads as its code, and as nothing else."""

import io

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from bookings.qr import qr_png, qr_svg

CODE = "ABCDEFGHIJKLMNOPQRSTUVWX27"


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def read(png: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture(png))]


@settings(max_examples=20, deadline=None)
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=26, max_size=26))
def test_every_ticket_code_reads_as_itself(code):
    assert read(qr_png(code)) == [code]


def test_a_ticket_code_fits_the_smallest_version_at_correction_m():
    [found] = zxingcpp.read_barcodes(picture(qr_png(CODE)))
    assert found.ec_level == "M"
    assert picture(qr_png(CODE)).size == (495, 495)  # 25 modules and 2 × 4 around, 15 pixels each


@pytest.mark.parametrize("length", [1, 38, 39, 120, 400, 2331])
def test_longer_codes_get_a_larger_version_and_a_picture_of_the_same_size(length):
    code = ("eyJ0Ijo.-_x9" * 200)[:length]
    assert read(qr_png(code)) == [code]
    width, height = picture(qr_png(code)).size
    assert width == height and 400 <= width <= 600


def test_a_code_that_no_qr_code_holds_is_refused():
    with pytest.raises(ValueError):
        qr_png("x" * 2332)


def test_the_quiet_zone_is_four_modules_wide():
    left, top, right, bottom = ImageOps.invert(picture(qr_png(CODE)).convert("L")).getbbox()
    assert (left, top, right, bottom) == (60, 60, 435, 435)


def test_the_drawing_has_the_same_modules_as_the_picture():
    svg = qr_svg(CODE)
    small = picture(qr_png(CODE)).resize((33, 33), Image.Resampling.NEAREST)
    dark = sum(count for count, colour in small.getcolors() if colour == 0)
    path = svg.split(' d="')[-1].split('"')[0]
    runs = [int(run.split("v1")[0]) for run in path.split("h")[1:] if "v1" in run]
    assert sum(runs) == dark
    assert 'viewBox="0 0 33 33"' in svg
