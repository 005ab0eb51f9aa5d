"""What Django keeps for each task of an event loop, kept for each thread: one request or job at a time has a thread.

Language, time zone, addresses and connections are asked hundreds of times for a page. Django looks for each under a
lock in the variables of a task (`asgiref.local.Local`, ten calls); this portal has no tasks of an event loop that
would share a thread, and `threading.local` finds the same with none.
"""

import threading

from django.db import connections
from django.urls import base as addresses
from django.utils import timezone
from django.utils.translation import trans_real

KEPT = ((trans_real, "_active"), (timezone, "_active"), (addresses, "_prefixes"), (addresses, "_urlconfs"))


def keep_by_thread() -> None:
    """Once a process, before it has other threads."""
    for module, name in KEPT:
        setattr(module, name, threading.local())
    made = connections.all(initialized_only=True)
    connections._connections = threading.local()  # type: ignore[attr-defined]
    for connection in made:
        connections[connection.alias] = connection
