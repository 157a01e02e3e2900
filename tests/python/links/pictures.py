"""Reads a QR picture back with another library than the one that drew it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy
import zxingcpp


def grey(png: bytes) -> numpy.ndarray:
    """The pixels of a picture of 1 bit a pixel, as a QR picture is."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place, data, width, height = 8, b"", 0, 0
    while place < len(png):
        (length,), sort = struct.unpack(">I", png[place : place + 4]), png[place + 4 : place + 8]
        body = png[place + 8 : place + 8 + length]
        if sort == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) in ((1, 0), (1, 3))
        data += body if sort == b"IDAT" else b""
        place += 12 + length
    line = 1 + (width + 7) // 8
    rows = numpy.frombuffer(zlib.decompress(data), dtype=numpy.uint8).reshape(height, line)
    assert set(rows[:, 0]) <= {0, 2}
    plain = numpy.zeros((height, line - 1), dtype=numpy.uint8)
    for number, row in enumerate(rows):  # filter 2: the difference to the row above
        plain[number] = row[1:] + (plain[number - 1] if row[0] == 2 and number > 0 else 0)
    return numpy.unpackbits(plain, axis=1)[:, :width] * numpy.uint8(255)


def text_of(file: Path) -> str:
    """What a phone reads in the picture."""
    found = zxingcpp.read_barcode(grey(file.read_bytes()))
    assert found is not None, file
    return str(found.text)
