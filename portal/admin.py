"""Staff's own pages beside the lists; Django admin finds them by importing this package."""

from portal.desk.admin_search import search_page

__all__ = ["search_page"]
