"""What Django's checks ask of a running portal; they need the models, which are loaded by now."""

import portal.fitness.deployment  # noqa: F401
