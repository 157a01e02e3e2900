"""Profiles: how the exports of a source become facts."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from dealtrail import _core

__all__ = ["Profile", "load_profile"]

ProfileLike: TypeAlias = "Profile | str | os.PathLike[str] | Mapping[str, Any]"


class Profile:
    """How an export of one source becomes facts; checked and immutable. See ``docs/io/profile.md``.

    Attributes
    ----------
    name
        Of the profile.
    source
        What ids and links are prefixed with, without the colon.
    methods
        What answers it reads, in the order in which file names are tried.
    """

    __slots__ = ("_core", "_made_of")

    def __init__(self, core: _core.Profile, made_of: str = "") -> None:
        self._core = core
        self._made_of = made_of  # its JSON; empty for a built-in one

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.name, self._made_of)

    @property
    def name(self) -> str:
        """Name of the profile."""
        return self._core.name

    @property
    def source(self) -> str:
        """What ids and links are prefixed with, without the colon; may be empty."""
        return self._core.source

    @property
    def methods(self) -> list[str]:
        """What answers it reads, in the order in which file names are tried."""
        return self._core.methods()

    def method_of(self, file: str) -> str | None:
        """Give the method that a file of this name answers, or ``None`` when no pattern fits."""
        return self._core.method_of_file(file)

    @staticmethod
    def built_in() -> list[str]:
        """Names of the profiles that come with the library."""
        return _core.Profile.built_in()

    @staticmethod
    def schema() -> dict[str, Any]:
        """Give the JSON Schema of profiles."""
        schema: dict[str, Any] = json.loads(_core.Profile.schema())
        return schema

    def __repr__(self) -> str:
        return f"Profile(name={self.name!r}, source={self.source!r}, methods={len(self.methods)})"


def load_profile(profile: ProfileLike) -> Profile:
    """Read and check a profile.

    Parameters
    ----------
    profile
        The name of a built-in one such as ``bitrix24``, the path of a JSON file, or the profile itself as a dict;
        ``{"extends": "bitrix24", ...}`` adds to a built-in one.

    Raises
    ------
    UnknownNameError
        Neither a name nor a file; or a key, kind, field or operator that there is not, with its place and the valid
        names.
    ParseError
        The file is no JSON.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.load_profile("bitrix24").method_of("crm-deal-list_01.json")
    'crm.deal.list'
    """
    if isinstance(profile, Profile):
        return profile
    if isinstance(profile, Mapping):
        text = json.dumps(profile, ensure_ascii=False)
        return Profile(_core.Profile.parse(text), text)
    found = _core.Profile.find(os.fspath(profile))
    built_in = os.fspath(profile) in _core.Profile.built_in()
    return Profile(found, "" if built_in else Path(profile).read_text(encoding="utf-8-sig"))


def _restored(name: str, made_of: str) -> Profile:
    """Give the profile that was pickled so."""
    return Profile(_core.Profile.parse(made_of) if made_of else _core.Profile.find(name), made_of)
