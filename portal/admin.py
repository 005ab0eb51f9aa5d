"""The operator's pages of the top floor; Django admin finds them by importing this module."""

import portal.fitness.admin  # noqa: F401
