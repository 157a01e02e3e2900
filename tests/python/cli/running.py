"""How tests run a command as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def read(export: Path) -> list[str]:
    return [str(export / "bitrix24"), "--profile", str(export / "profile.json"), "--zone", "Europe/Moscow"]


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own."""
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "dealtrail", *arguments]
    ran = subprocess.run(command, input=stdin, capture_output=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran
