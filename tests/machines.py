"""How long the machines of random acts run: shortly with the suite, and for long by `make drill-machines`.

What a rule forbids is shown by tests of its own. A machine looks for orders of acts that nobody thought of: the
longer, the more of them, and it takes seconds for each life.
"""

import os

from hypothesis import HealthCheck, settings

ANY_ORDER = settings(
    max_examples=int(os.environ.get("LIVES", "5")),
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
