"""SP.2, SP.7: what follows from the declaration of kinds is written anew when the declaration changes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import dealtrail.kinds
from dealtrail import _core
from house.tree import ROOT


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "bindings/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATED = (
    "python/dealtrail/kinds.py",
    "docs/facts/kinds.md",
    "include/dealtrail/io/detail/built_in_profiles.hpp",
)


@pytest.mark.parametrize("path", GENERATED)
def test_the_committed_file_is_what_the_declaration_gives(path: str) -> None:
    texts: dict[Path, str] = generator().generated()
    assert (ROOT / path).read_text(encoding="utf-8") == texts[ROOT / path], "run bindings/generate.py"


def test_every_kind_has_its_typed_dict() -> None:
    for kind in _core.describe_kinds():
        keys = getattr(dealtrail.kinds, kind["struct_name"]).__annotations__
        assert list(keys) == ["id", "version", *(field["name"] for field in kind["fields"])]
