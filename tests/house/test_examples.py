"""Every example of README.md and docs/ is run, and its output compared with the page.

- ```python: the blocks of a page run top to bottom in one namespace; the value of a last expression is shown as a
  notebook would, and what is printed must equal the ```text block that follows. `>>>` blocks run as doctests.
- ```cpp with `int main`: compiled against the headers, linked with one file of bodies, run, compared.
- ```sh after `<!-- run -->`: run by bash with the commands of the package on the path, compared.
- docs/examples/x.cpp beside x.output: likewise.
- `<!-- not run: reason -->` before a block leaves it alone, and must give its reason.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from house.markdown import Block, blocks
from house.tree import ROOT, files, name_of

PAGES = [ROOT / "README.md", *files(".md", under="docs")]
NOT_RUN = "not run:"


def examples(language: str) -> list[tuple[Path, Block]]:
    return [
        (page, block)
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.language == language and not block.comment.startswith(NOT_RUN)
    ]


def place(value: object) -> str:
    if isinstance(value, Path):
        return name_of(value)
    return f"line{value.line}" if isinstance(value, Block) else str(value)


def same(printed: str, expected: str) -> bool:
    """Equal but for blanks at the ends of lines, which editors remove."""
    return [line.rstrip() for line in printed.rstrip().splitlines()] == [
        line.rstrip() for line in expected.rstrip().splitlines()
    ]


def run_cell(code: str, where: str, line: int, names: dict[str, Any]) -> str:
    """Run one block as a notebook cell: what it prints, then its last expression unless that is None."""
    module = ast.parse(code, where)
    ast.increment_lineno(module, line - 1)
    last = module.body.pop() if module.body and isinstance(module.body[-1], ast.Expr) else None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(module, where, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), where, "eval"), names)
            if value is not None:
                print(repr(value))
    return out.getvalue()


def run_doctest(code: str, where: str, line: int, names: dict[str, Any]) -> None:
    parsed = doctest.DocTestParser().get_doctest(code, names, where, where, line - 1)
    report = io.StringIO()
    results = doctest.DocTestRunner(verbose=False).run(parsed, out=report.write, clear_globs=False)
    names.update(parsed.globs)
    assert results.failed == 0, report.getvalue()


@pytest.mark.parametrize("page", list(dict.fromkeys(page for page, _ in examples("python"))), ids=place)
def test_python_of_a_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__page__"}
    for block in (block for its_page, block in examples("python") if its_page == page):
        if block.code.lstrip().startswith(">>>"):
            run_doctest(block.code, name_of(page), block.line, names)
            continue
        printed = run_cell(block.code, name_of(page), block.line, names)
        if block.output is not None and not same(printed, block.output):
            pytest.fail(f"{name_of(page)}:{block.line} prints\n{printed}\nbut the page says\n{block.output}")


def compiled(*arguments: str | Path) -> None:
    compiler = [os.environ.get("CXX", "g++")]
    if shutil.which("ccache"):
        compiler.insert(0, "ccache")
    built = subprocess.run(
        [*compiler, "-std=c++20", "-Wall", "-Wextra", f"-I{ROOT / 'include'}", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr


#: dealtrail::compiled as the package was built from it: `./dev build`.
ARCHIVE = ROOT / "build/python/libdealtrail.a"


def compile_and_run(source: Path, folder: Path) -> str:
    program = folder / "example"
    compiled("-c", source, "-o", folder / "example.o")
    compiled(folder / "example.o", ARCHIVE, "-o", program)
    ran = subprocess.run([str(program)], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.parametrize(("page", "block"), [e for e in examples("cpp") if "int main" in e[1].code], ids=place)
def test_cpp_program_of_a_page(page: Path, block: Block, tmp_path: Path) -> None:
    source = tmp_path / "example.cpp"
    source.write_text(f'#line {block.line} "{page}"\n{block.code}', encoding="utf-8")
    printed = compile_and_run(source, tmp_path)
    if block.output is not None and not same(printed, block.output):
        pytest.fail(f"{name_of(page)}:{block.line} prints\n{printed}\nbut the page says\n{block.output}")


@pytest.mark.parametrize(
    ("page", "block"),
    [e for language in ("sh", "bash") for e in examples(language) if e[1].comment == "run"],
    ids=place,
)
def test_shell_of_a_page(page: Path, block: Block, tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.code],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    if block.output is not None and not same(ran.stdout, block.output):
        pytest.fail(f"{name_of(page)}:{block.line} prints\n{ran.stdout}\nbut the page says\n{block.output}")


def test_a_block_that_is_not_run_says_why() -> None:
    left_alone = [
        f"{name_of(page)}:{block.line}"
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.comment.startswith(NOT_RUN) and len(block.comment.removeprefix(NOT_RUN).split()) < 2
    ]
    assert left_alone == []


def test_the_runner_sees_a_wrong_output() -> None:
    page = "```python\nx = 2\nx + 2\n```\n\n```text\n5\n```\n"
    (block,) = blocks(page)
    assert block.output == "5\n"
    assert run_cell(block.code, "page", block.line, {}) == "4\n"
    assert not same("4\n", block.output)
