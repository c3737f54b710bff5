"""Draws the icons of the survey as an application: the shapes of app/static/icon.svg as PNG, without any library.

python ops/icons.py            writes app/static/icon-192.png, icon-512.png and icon-maskable-512.png
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

STATIC = Path(__file__).parents[1] / "app" / "static"
BRAND = (0x0B, 0x5C, 0x6B)
WHITE = (0xFF, 0xFF, 0xFF)
SIDE = 32.0
"""The drawing's own units, as in the view box of icon.svg."""

LEFT_HOUSE = ((7.0, 24.0), (7.0, 14.0), (13.0, 10.0), (13.0, 24.0))
RIGHT_HOUSE = ((15.0, 24.0), (15.0, 7.0), (25.0, 12.0), (25.0, 24.0))
WINDOWS = ((18.0, 13.0, 22.0, 16.0), (18.0, 18.0, 22.0, 21.0))
CORNER = 7.0
FINENESS = 4
"""Points looked at in each pixel, across and down."""

Mask = NDArray[np.bool_]
Grid = NDArray[np.float64]


def icons() -> Iterator[tuple[str, bytes]]:
    """Give every file's name and bytes."""
    yield "icon-192.png", png(draw(192))
    yield "icon-512.png", png(draw(512))
    # Phones cut the edge of a maskable icon to a shape of their own: the ground is whole and the drawing smaller.
    yield "icon-maskable-512.png", png(draw(512, scale=0.8, rounded=False))


def draw(pixels: int, *, scale: float = 1.0, rounded: bool = True) -> NDArray[np.uint8]:
    """Draw the icon as rows of red, green, blue and opacity."""
    points = (np.arange(pixels * FINENESS) + 0.5) / (pixels * FINENESS) * SIDE
    x, y = np.meshgrid((points - SIDE / 2) / scale + SIDE / 2, (points - SIDE / 2) / scale + SIDE / 2)
    ground = _ground(x, y) if rounded else np.ones_like(x, dtype=bool)
    white = _inside(x, y, LEFT_HOUSE) | _inside(x, y, RIGHT_HOUSE)
    for west, top, right, bottom in WINDOWS:
        white &= ~((x >= west) & (x < right) & (y >= top) & (y < bottom))
    picture = np.zeros((pixels, pixels, 4))
    opaque, share = _share(ground, pixels), _share(white & ground, pixels)
    for index in range(3):
        picture[..., index] = BRAND[index] + (WHITE[index] - BRAND[index]) * share / np.maximum(opaque, 1e-9)
    picture[..., 3] = 255 * opaque
    return picture.round().clip(0, 255).astype(np.uint8)


def png(picture: NDArray[np.uint8]) -> bytes:
    """Write rows of pixels as a PNG file."""
    height, width, _channels = picture.shape
    rows = b"".join(b"\0" + row.tobytes() for row in picture)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _share(mask: Mask, pixels: int) -> Grid:
    return mask.reshape(pixels, FINENESS, pixels, FINENESS).mean(axis=(1, 3))


def _ground(x: Grid, y: Grid) -> Mask:
    beyond_x = np.maximum(np.abs(x - SIDE / 2) - (SIDE / 2 - CORNER), 0)
    beyond_y = np.maximum(np.abs(y - SIDE / 2) - (SIDE / 2 - CORNER), 0)
    inside: Mask = np.hypot(beyond_x, beyond_y) <= CORNER
    return inside


def _inside(x: Grid, y: Grid, corners: tuple[tuple[float, float], ...]) -> Mask:
    """Tell which points lie within a shape without dents, whichever way round its corners are named."""
    sides = [
        (x - ax) * (by - ay) - (y - ay) * (bx - ax)
        for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True)
    ]
    return np.all([side >= 0 for side in sides], axis=0) | np.all([side <= 0 for side in sides], axis=0)


if __name__ == "__main__":
    for name, data in icons():
        (STATIC / name).write_bytes(data)
