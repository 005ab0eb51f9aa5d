"""What the rooms of this app tell those below: events that are kept, and Django's checks of a running portal."""

import portal.fitness.deployment
import portal.installation.events  # noqa: F401
from portal.api.oauth import written_fault
from portal.api.problems import plain
from portal.errors import FOR_PROGRAMS
from portal.graph.errors import plain as facade_plain

FOR_PROGRAMS["/api/v1/"] = plain
FOR_PROGRAMS["/api/oauth/"] = written_fault
FOR_PROGRAMS["/graph/v1.0/"] = FOR_PROGRAMS["/azure/"] = facade_plain
