"""``python -m dealtrail`` is the command ``dealtrail``."""

import sys

from dealtrail.cli import main

if __name__ == "__main__":
    sys.exit(main())
