#!/usr/bin/env python3
"""Start here: `manage.py help`, or `make help`. Needs nothing but Python; makes everything else itself."""

import sys

# Written so that even a very old Python gets as far as this sentence.
if sys.version_info < (3, 11):  # noqa: UP036 (the whole point)
    sys.exit(
        "Portolan needs Python 3.11 or newer, and this is Python %d.%d (%s). "  # noqa: UP031 (no f-strings before 3.6)
        "With a newer one installed, name it: make run PYTHON=python3.12"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

from config.launch.bootstrap import launch

if __name__ == "__main__":
    sys.exit(launch(sys.argv[1:]))
