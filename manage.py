#!/usr/bin/env python
"""Django's command line, with a private PostgreSQL for commands that need one and are given none."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import Error
from psycopg import Error as DriverError

from portal.command_line import prepare, sentence_about


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        prepare(sys.argv[1:], os.environ)
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, Error, DriverError) as error:
        if not (sentence := sentence_about(error)):
            raise
        sys.exit(sentence)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
