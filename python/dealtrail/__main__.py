"""The command ``dealtrail``, also as ``python -m dealtrail``."""

import sys


def main() -> int:
    """Run the command; an interrupt while it starts ends it as quietly as one later."""
    try:
        from dealtrail.cli import main as command

        return command()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
