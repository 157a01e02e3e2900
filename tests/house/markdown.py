"""Fenced blocks of a page, each with the comment before it and the output after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--\s*(.*?)\s*-->\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block; `output` is the ```text block that follows it with nothing but blank lines between."""

    language: str
    code: str
    line: int
    comment: str
    output: str | None


def blocks(page: str) -> list[Block]:
    """Every block of a page in order; an output block belongs to the block before it and is not listed again."""
    found = list(FENCE.finditer(page))
    result: list[Block] = []
    taken = -1
    for index, match in enumerate(found):
        if index == taken:
            continue
        output = None
        if match[1] not in ("", "text") and index + 1 < len(found):
            after = found[index + 1]
            if after[1] == "text" and not page[match.end() : after.start()].strip():
                output, taken = after[2], index + 1
        before = COMMENT.search(page[: match.start()])
        line = page.count("\n", 0, match.start()) + 2
        result.append(Block(match[1], match[2], line, before[1] if before else "", output))
    return result
