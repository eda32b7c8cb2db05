"""The QR code of a ticket: what a phone shows at the door, and what its page is printed with."""

import io
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_M

# The smallest version that holds the 26 capitals and figures of a ticket's code at correction M
# (ISO/IEC 18004, table 7). A longer text gets the next version that it fits.
SMALLEST_VERSION = 2
# Trying all eight masks is most of the work. They differ in looks: readers know them all.
MASK = 0
# Light modules around the code, without which readers may not find it (ISO/IEC 18004, 9.1).
QUIET_ZONE = 4
PIXELS = 500


def qr_png(code: str) -> bytes:
    """
    A square PNG of about 500 pixels (400 to 600) that reads as exactly `code`, at error correction
    M and with its quiet zone. Raises ValueError if `code` is longer than any QR code.
    """
    qr = _qr(code)
    qr.box_size = max(1, round(PIXELS / (qr.modules_count + 2 * QUIET_ZONE)))
    png = io.BytesIO()
    qr.make_image().save(png, "PNG")
    return png.getvalue()


def qr_svg(code: str) -> str:
    """The same as a drawing, sharp at any size: one path, one unit to a module."""
    rows = _qr(code).get_matrix()
    size = len(rows)
    path = "".join(_path(row, y) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path d="{path}"/></svg>'
    )


def _qr(code: str) -> qrcode.QRCode:
    qr = qrcode.QRCode(
        version=SMALLEST_VERSION,
        mask_pattern=MASK,
        error_correction=ERROR_CORRECT_M,
        border=QUIET_ZONE,
    )
    # optimize=0: one mode for the whole text, the smallest that holds it.
    qr.add_data(code, optimize=0)
    qr.make(fit=True)
    return qr


def _path(row: list[bool], y: int) -> str:
    """The dark runs of one row of modules as SVG path commands."""
    path, x = "", 0
    for dark, run in groupby(row):
        width = len(list(run))
        path += f"M{x} {y}h{width}v1h-{width}z" if dark else ""
        x += width
    return path
