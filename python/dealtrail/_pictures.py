"""QR pictures of links and codes, by ``segno``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from dealtrail.errors import InvalidArgumentError

if TYPE_CHECKING:
    from pathlib import Path

Picture = Literal["svg", "png"]
SORTS: tuple[Picture, ...] = ("svg", "png")
LATIN = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}


def slug(text: str, longest: int = 40) -> str:
    """Give a name in Latin letters, digits and hyphens that people can read; empty when nothing is left."""
    latin = "".join(LATIN.get(letter, letter) for letter in text.lower())
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:longest].strip("-")


def write_qr(text: str, folder: Path, name: str, sorts: Sequence[Picture] = SORTS) -> list[Path]:
    """Write the QR picture of a text as ``name.svg``, ``name.png``; the same text gives the same bytes.

    Raises
    ------
    ImportError
        ``segno`` is not there.
    InvalidArgumentError
        The text is longer than a QR picture can hold.
    """
    try:
        import segno
    except ImportError as error:
        raise ImportError("QR pictures need segno: pip install 'dealtrail[links]'") from error
    try:
        code = segno.make(text, error="m", micro=False)
    except segno.encoder.DataOverflowError as error:
        raise InvalidArgumentError(f"too long for a QR picture: {len(text)} characters", "invalid_argument") from error
    written = []
    for sort in sorts:
        file = folder / f"{name}.{sort}"
        code.save(str(file), kind=sort, scale=8, border=4)
        written.append(file)
    return written
