#!/usr/bin/env python
"""Django's command line, with a private PostgreSQL for commands that need one and are given none."""

import os
import sys

from django.core.management import execute_from_command_line

from portal.command_line import prepare


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    prepare(sys.argv[1:], os.environ)
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
