"""Rows for tests: plain functions with defaults. Each makes its row as the owner, in every scope of the test."""

from tests.factories.partners import (
    make_match_request,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_release_request,
)
from tests.factories.subscriptions import (
    PASSWORD,
    make_actor,
    make_audit_event,
    make_member,
    make_members,
    make_order,
    make_price,
    make_product,
    make_sold_product,
    make_subscription,
    make_tenant,
    make_user,
    placed,
)

__all__ = [
    "PASSWORD",
    "make_actor",
    "make_audit_event",
    "make_match_request",
    "make_member",
    "make_members",
    "make_order",
    "make_partner",
    "make_partner_of_record",
    "make_partner_offer",
    "make_partner_person",
    "make_price",
    "make_product",
    "make_relationship",
    "make_release_request",
    "make_sold_product",
    "make_subscription",
    "make_tenant",
    "make_user",
    "placed",
]
