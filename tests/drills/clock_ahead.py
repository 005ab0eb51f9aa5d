"""The portal in a process whose clock is ten minutes ahead, for gunicorn."""

from datetime import UTC, datetime, timedelta

import time_machine

time_machine.travel(datetime.now(UTC) + timedelta(minutes=10), tick=True).start()

from portal.wsgi import application  # noqa: E402, F401
