"""The package as a stranger gets it: version, contents, and an installation from nothing."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from house.tree import ROOT

MAX_WHEEL_BYTES = 5_000_000


def version() -> str:
    text = (ROOT / "include/dealtrail/version.hpp").read_text(encoding="utf-8")
    return ".".join(re.findall(r"^#define DEALTRAIL_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", text, re.MULTILINE))


def run(*command: str | Path, **environment: str) -> str:
    ran = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_version_is_the_same_everywhere() -> None:
    import importlib.metadata

    import dealtrail

    assert re.fullmatch(r"\d+\.\d+\.\d+", version())
    assert dealtrail.__version__ == version()
    assert importlib.metadata.version("dealtrail") == version()


def test_importing_the_package_brings_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "polars", "pyarrow", "altair", "jinja2")
    code = f"import sys, dealtrail; print([m for m in {heavy!r} if m in sys.modules])"
    assert run(sys.executable, "-c", code) == "[]\n"


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-c", BUILD_SDIST, folder)
    (archive,) = folder.glob("*.tar.gz")
    return archive


BUILD_SDIST = "import sys, scikit_build_core.build as build; build.build_sdist(sys.argv[1])"


@pytest.mark.package
def test_the_source_archive_is_reproducible_and_holds_what_is_needed(sdist: Path, tmp_path: Path) -> None:
    run(sys.executable, "-c", BUILD_SDIST, tmp_path)
    (again,) = tmp_path.glob("*.tar.gz")
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(sdist.read_bytes()).digest()
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    tops = {name.split("/")[0] for name in names}
    assert tops == {
        "CHANGELOG.md",
        "CMakeLists.txt",
        "LICENSE",
        "PKG-INFO",
        "README.md",
        "THIRD_PARTY_NOTICES",
        "bindings",
        "cmake",
        "include",
        "pyproject.toml",
        "python",
        "src",
    }
    assert "include/dealtrail/version.hpp" in names


@pytest.mark.package
def test_pip_installs_it_where_there_is_only_a_compiler_cmake_and_python(sdist: Path, tmp_path: Path) -> None:
    """The system's copies of our header dependencies are hidden, so those of the wheels must do."""
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", environment)
    python = environment / "bin" / "python"
    hidden = (
        "/usr/include;/usr/include/eigen3;/usr/local/include;/usr/share/eigen3/cmake;"
        "/usr/share/cmake/nlohmann_json;/usr/share/cmake/pybind11"
    )
    run(
        *(python, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", tmp_path / "wheel"),
        f"--config-settings=cmake.define.CMAKE_IGNORE_PATH={hidden}",
        sdist,
    )
    (wheel,) = (tmp_path / "wheel").glob("dealtrail-*.whl")
    assert wheel.stat().st_size < MAX_WHEEL_BYTES
    names = zipfile.ZipFile(wheel).namelist()
    assert "dealtrail/py.typed" in names
    assert "dealtrail/_core.pyi" in names
    assert [name for name in names if name.endswith((".hpp", ".ipp", ".a", ".cmake"))] == []

    run(python, "-m", "pip", "install", "--no-index", wheel)
    imported = run(python, "-I", "-c", "import dealtrail; print(dealtrail.__version__)")
    assert imported == f"{version()}\n"
    assert "usage: dealtrail" in run(environment / "bin" / "dealtrail", "--help")
