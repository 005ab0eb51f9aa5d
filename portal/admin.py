"""Staff's own pages beside the lists; Django admin finds them by importing this package."""

from portal.desk.admin_search import search_page
from portal.fitness.admin import fit_to_serve

__all__ = ["fit_to_serve", "search_page"]
