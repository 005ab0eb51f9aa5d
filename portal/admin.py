"""Staff's own pages beside the lists; Django admin finds them by importing this package."""

from portal.desk.admin_customer import customer, customer_tab
from portal.desk.admin_new_customer import NewCustomer
from portal.desk.admin_partner import partner, partner_tab
from portal.desk.admin_search import search_page
from portal.desk.admin_why import why
from portal.fitness.admin import fit_to_serve

__all__ = ["NewCustomer", "customer", "customer_tab", "fit_to_serve", "partner", "partner_tab", "search_page", "why"]
