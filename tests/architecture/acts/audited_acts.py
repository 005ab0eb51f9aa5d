"""Each act of the ground floor and of the house, and a call of it: a table of test_every_act_is_audited.py."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from portal.checkout import acts as checkout
from portal.from_offer import acts as from_offer
from subscriptions.access import StaffPermission
from subscriptions.approvals import acts as approvals
from subscriptions.attention import acts as attention
from subscriptions.audit import news
from subscriptions.audit.feed import START
from subscriptions.base.logo import Logo
from subscriptions.brands import acts as brands
from subscriptions.catalogue import acts as catalogue
from subscriptions.catalogue import costs, families, price_ends, prices
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.exports import acts as exports
from subscriptions.groups import kept as groups
from subscriptions.help import acts as help_requests
from subscriptions.help.acts import Question
from subscriptions.imports import acts as imports
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.places import InOrganization
from subscriptions.mails import acts as mails
from subscriptions.models import (
    Approval,
    AuditEvent,
    CloudState,
    ImportRun,
    Membership,
    OrganizationGroup,
    SavedView,
    Subscription,
    Tenant,
    User,
)
from subscriptions.models.help_request import HelpTopic
from subscriptions.models.mail import MailKind
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.orders import acts as orders
from subscriptions.orders import cancellation as order_cancellation
from subscriptions.saved_views import acts as views
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import corrections as contracts
from subscriptions.subscriptions import ends as subscription_ends
from subscriptions.subscriptions import trial_start, upkeep
from subscriptions.tenants import (
    accounts,
    closing,
    deletion,
    members,
    personal_data,
    second_factors,
    sign_ins,
    staff_roles,
    viewing,
)
from subscriptions.tenants import acts as tenants
from subscriptions.webhooks import acts as webhooks
from subscriptions.webhooks.reads import Owner
from tests.architecture.acts.audited import ADMIN, ALPHA, BUYER, LANYUN, NOBODY, PORTAL, STAFF, Call, Rows, Who
from tests.database import as_owner
from tests.factories import make_delivery, make_webhook
from tests.personas import with_second_factor


def changed(row, **facts):
    for name, value in facts.items():
        setattr(row, name, value)
    return row


def wanted(rows: Rows) -> dict:
    return {"act": "a", "label": "Act", "row": 1, "subject_name": "S", "tenant": rows.tenant, "wanted": {}}


@as_owner()
def make_group(rows: Rows) -> OrganizationGroup:
    group = OrganizationGroup.objects.create(name="Alpha Holding")
    group.organizations.add(rows.tenant)
    return group


@as_owner()
def asked(rows: Rows) -> dict:
    """By somebody else than who decides."""
    asker = rows.reader.user
    facts = {"act": "a", "row": 1, "subject_name": "S", "reason": "R", "asker": asker, "asked_by": asker.name}
    approval = Approval.objects.create(**facts)
    return {"approval": approval, "permission": StaffPermission.MAKE_STAFF, "label": "Act"}


@as_owner()
def not_yet_a_member() -> User:
    return User.objects.get(is_staff=True)


@as_owner()
def not_a_member() -> User:
    return User.objects.create_user("nobody@x.example", name="Nobody")


def reactivated(rows: Rows, by) -> None:
    price = costs.price_held(rows.subscription)
    subscription_ends.reactivate(
        **rows.put_subscription("expired", -5), payment_method="invoice", unit_price=price, by=by
    )


def another_one(rows: Rows) -> Subscription:
    """Of the same product, not stored yet."""
    facts = {name: getattr(rows.subscription, name) for name in (*contracts.FACTS, "status")}
    return Subscription(tenant=rows.tenant, product=rows.subscription.product, **facts)


def undone(rows: Rows, by) -> None:
    known = rows.of_subscription()
    subscription_acts.set_recurring_billing(**known, recurring=False, by=by)
    subscription_acts.undo_last_change(**known | {"version": known["version"] + 1}, by=by)


def asked_for_help(rows: Rows, by) -> None:
    """A person's own, in the person's own scope."""
    with scopes.person(by.user_id):
        question = Question(topic=HelpTopic.OTHER, text="T")
        help_requests.ask_for_help(question=question, tenant=rows.tenant, by=by)


def took_own_data(rows: Rows, by) -> None:
    with as_owner():
        user = User.objects.get(pk=by.user_id)
    with scopes.person(by.user_id):
        personal_data.record_own_export(user=user, by=by)


@contextmanager
def at_home(rows: Rows, by) -> Iterator[None]:
    """As a member's request is answered: a person's own rows of the organization."""
    with scopes.person(by.user_id) as scope:
        scope.become_tenant(rows.tenant.pk)
        yield


def snoozed(rows: Rows, by) -> None:
    with at_home(rows, by):
        assert attention.snooze(place=rows.tenant, kind="orders-open", by=by)


def saved(rows: Rows, by) -> SavedView:
    about = {"list_name": "orders", "query": "state=draft", "is_default": True}
    with at_home(rows, by):
        return views.save_view(tenant=rows.tenant, name="Drafts", by=by, **about)


def changed_view(rows: Rows, by) -> None:
    view = saved(rows, by)
    with at_home(rows, by):
        views.change_view(tenant=rows.tenant, view=view, name="Carts", is_default=False, by=by)


def deleted_view(rows: Rows, by) -> None:
    view = saved(rows, by)
    with at_home(rows, by):
        assert views.delete_view(tenant=rows.tenant, view=view, by=by)


def woken(rows: Rows, by) -> None:
    snoozed(rows, by)
    with at_home(rows, by):
        assert attention.wake(place=rows.tenant, kind="orders-open", by=by)


def saw_the_news(rows: Rows, by) -> None:
    with as_owner():
        Membership.objects.filter(user=by.user_id).update(seen=timezone.now() - timedelta(days=1))
    assert news.mark_seen(tenant=rows.tenant, by=by)


def reopened(rows: Rows, by) -> None:
    closing.suspend(tenant=rows.tenant, by=by, reason="R")
    closing.reopen(tenant=rows.tenant, by=by, reason="R")


def trial_that_ends_soon(rows: Rows, by) -> None:
    rows.put_subscription("trial")
    upkeep.bring_batch_up_to_date()


def closed_long_ago(rows: Rows, by) -> None:
    with as_owner():
        facts = {"state": "closed", "state_since": timezone.now(), "kept_until": date(2020, 1, 1)}
        Tenant.objects.filter(pk=rows.tenant.pk).update(**facts)
    deletion.delete_closed()


RECEIVER = "https://93.184.215.14/hook"  # a number, as no name is asked for in tests


def webhook(rows: Rows) -> dict:
    return {"owner": Owner(tenant=rows.tenant), "endpoint": make_webhook(tenant=rows.tenant)}


def sent_again(rows: Rows, by) -> None:
    about = webhook(rows)
    with as_owner():
        event = AuditEvent.objects.filter(tenant=rows.tenant).first()
    delivery = make_delivery(endpoint=about["endpoint"], event=event)
    assert webhooks.send_again(**about, delivery=delivery, by=by)


CALLS: dict[Who, dict[Callable, Call]] = {
    (STAFF, NOBODY): {
        approvals.ask_second_person: lambda rows, by: approvals.ask_second_person(**wanted(rows), by=by, reason="R"),
        approvals.approve: lambda rows, by: approvals.approve(**asked(rows), by=by, perform=lambda approval: None),
        approvals.refuse: lambda rows, by: approvals.refuse(**asked(rows), by=by, reason="R"),
        brands.set_logo: lambda rows, by: brands.set_logo(
            cloud="", logo=Logo(b"PNG", "0" * 32, 1, 1), by=by, reason="R"
        ),
        accounts.save_account: lambda rows, by: accounts.save_account(
            user=changed(rows.reader.user, name="New"), by=by
        ),
        staff_roles.set_staff_roles: lambda rows, by: staff_roles.set_staff_roles(
            user=rows.reader.user, roles=list(StaffRole), by=by, reason="R"
        ),
        staff_roles.join_staff: lambda rows, by: staff_roles.join_staff(
            user=rows.reader.user, roles=[StaffRole.READS_EVERYTHING], by=by
        ),
        second_factors.reset_second_factor: lambda rows, by: second_factors.reset_second_factor(
            user=with_second_factor(rows.reader.user), by=by, reason="R"
        ),
        accounts.set_active: lambda rows, by: accounts.set_active(
            user=rows.reader.user, active=False, by=by, reason="R"
        ),
        personal_data.record_export: lambda rows, by: personal_data.record_export(
            user=rows.reader.user, by=by, reason="R"
        ),
        personal_data.erase: lambda rows, by: personal_data.erase(user=not_a_member(), by=by, reason="R"),
        catalogue.save_cloud_state: lambda rows, by: catalogue.save_cloud_state(
            cloud_state=CloudState(cloud=Cloud.WORLDWIDE, status="closing"), by=by
        ),
        catalogue.save_product: lambda rows, by: catalogue.save_product(
            product=changed(rows.subscription.product, name="New"), by=by
        ),
        families.save_family: lambda rows, by: families.save_family(
            family=changed(rows.subscription.product.family, name_en="New"), by=by
        ),
        families.delete_family: lambda rows, by: families.delete_family(family=rows.unused_family, by=by, reason="R"),
        groups.save_group: lambda rows, by: groups.save_group(
            group=OrganizationGroup(name="Alpha Holding"), organizations=[rows.tenant], by=by
        ),
        groups.delete_group: lambda rows, by: groups.delete_group(group=make_group(rows), by=by, reason="R"),
        price_ends.end_price: lambda rows, by: price_ends.end_price(
            price=rows.subscription.product.prices.get(), last_day=timezone.localdate(), by=by, reason="R"
        ),
        price_ends.withdraw_product: lambda rows, by: price_ends.withdraw_product(
            product=rows.subscription.product, by=by, reason="R"
        ),
        prices.set_price: lambda rows, by: prices.set_price(
            product=rows.subscription.product,
            monthly=Decimal(1),
            annual=Decimal(1),
            from_day=timezone.localdate(),
            by=by,
        ),
        exports.record_list: lambda rows, by: exports.record_list(name="Members", rows=3, filters="", by=by),
        imports.bring_in: lambda rows, by: imports.bring_in(
            run=ImportRun(kind="products"), content=[b"sku\n"], file_name="a.csv", language="en", by=by
        ),
        imports.apply_import: lambda rows, by: imports.apply_import(run=rows.checked, by=by, reason="R"),
        imports.stop_import: lambda rows, by: imports.stop_import(run=rows.applying, by=by, reason="R"),
        imports.set_aside: lambda rows, by: imports.set_aside(run=rows.checked, by=by, reason="R"),
    },
    (STAFF, ALPHA): {
        viewing.start_viewing: lambda rows, by: viewing.start_viewing(
            membership=rows.reader, by=by, reason="As they asked"
        ),
        exports.export_tenant: lambda rows, by: exports.export_tenant(tenant=rows.tenant, by=by, reason="R"),
        closing.suspend: lambda rows, by: closing.suspend(tenant=rows.tenant, by=by, reason="R"),
        closing.close: lambda rows, by: closing.close(tenant=rows.tenant, by=by, reason="R"),
        closing.reopen: reopened,
        help_requests.answer: lambda rows, by: help_requests.answer(request=rows.help_request, text="T", by=by),
        help_requests.close: lambda rows, by: help_requests.close(request=rows.help_request, by=by, reason="R"),
        contracts.save_subscription: lambda rows, by: contracts.save_subscription(
            subscription=changed(rows.subscription, name="New"), by=by
        ),
        contracts.save_new: lambda rows, by: contracts.save_new(subscriptions=[another_one(rows)], by=by),
        contracts.set_status: lambda rows, by: contracts.set_status(
            subscription=rows.subscription, status="disabled", by=by, reason="R"
        ),
        mails.send_again: lambda rows, by: mails.send_again(mail=rows.mail, by=by),
        members.add_member: lambda rows, by: members.add_member(
            tenant=rows.tenant, user=not_yet_a_member(), role="global-reader", by=by
        ),
        order_cancellation.cancel_order: lambda rows, by: order_cancellation.cancel_order(
            order=rows.order, by=by, reason="R"
        ),
        tenants.save_tenant: lambda rows, by: tenants.save_tenant(tenant=changed(rows.tenant, city="New"), by=by),
    },
    (ADMIN, ALPHA): {
        webhooks.add_endpoint: lambda rows, by: webhooks.add_endpoint(
            owner=Owner(tenant=rows.tenant), label="New", url=RECEIVER, kinds=[], by=by
        ),
        webhooks.change_endpoint: lambda rows, by: webhooks.change_endpoint(
            **webhook(rows), version=1, label="New", url=RECEIVER, kinds=[], by=by
        ),
        webhooks.change_secret: lambda rows, by: webhooks.change_secret(**webhook(rows), version=1, by=by),
        webhooks.switch_endpoint: lambda rows, by: webhooks.switch_endpoint(**webhook(rows), version=1, by=by),
        webhooks.replay: lambda rows, by: webhooks.replay(**webhook(rows), version=1, position=START, by=by),
        webhooks.test_endpoint: lambda rows, by: webhooks.test_endpoint(**webhook(rows), by=by),
        webhooks.send_again: sent_again,
        webhooks.delete_endpoint: lambda rows, by: webhooks.delete_endpoint(**webhook(rows), version=1, by=by),
        attention.snooze: snoozed,
        views.save_view: saved,
        views.change_view: changed_view,
        views.delete_view: deleted_view,
        attention.wake: woken,
        news.mark_seen: saw_the_news,
        viewing.let_staff_view: lambda rows, by: viewing.let_staff_view(tenant=rows.tenant, allowed=False, by=by),
        help_requests.ask_for_help: asked_for_help,
        invitations.invite: lambda rows, by: invitations.invite(
            InOrganization(rows.tenant, "global-reader"), email="nora@alpha.example", name="Nora", by=by
        ),
        invitations.send_again: lambda rows, by: invitations.send_again(invitation=rows.invitation, by=by),
        invitations.withdraw: lambda rows, by: invitations.withdraw(invitation=rows.invitation, by=by),
        members.change_role: lambda rows, by: members.change_role(
            membership=rows.reader, role="billing-admin", by=by
        ),
        members.remove_member: lambda rows, by: members.remove_member(membership=rows.reader, by=by),
        sign_ins.reset_sign_in: lambda rows, by: sign_ins.reset_sign_in(
            tenant=rows.tenant, membership=rows.reader, by=by
        ),
        subscription_acts.change_licenses: lambda rows, by: subscription_acts.change_licenses(
            **rows.of_subscription(), total=50, by=by
        ),
        subscription_acts.change_frequency: lambda rows, by: subscription_acts.change_frequency(
            **rows.of_subscription(), frequency="annual", unit_price=Decimal(9), by=by
        ),
        subscription_acts.set_recurring_billing: lambda rows, by: subscription_acts.set_recurring_billing(
            **rows.of_subscription(), recurring=False, by=by
        ),
        subscription_acts.undo_last_change: undone,
        subscription_acts.name_subscription: lambda rows, by: subscription_acts.name_subscription(
            **rows.of_subscription(), own_name="Berlin office", cost_center="4711", by=by
        ),
        subscription_ends.cancel: lambda rows, by: subscription_ends.cancel(
            **rows.of_subscription(), when="now", reason="R", by=by
        ),
        subscription_ends.reactivate: reactivated,
        subscription_ends.extend_trial: lambda rows, by: subscription_ends.extend_trial(
            **rows.put_subscription("trial"), by=by
        ),
        subscription_ends.set_payment_method: lambda rows, by: subscription_ends.set_payment_method(
            **rows.put_subscription("trial"), method="invoice", by=by
        ),
        trial_start.start_trial: lambda rows, by: trial_start.start_trial(
            tenant=rows.tenant, item=rows.sold(), by=by
        ),
        checkout.name_partner: lambda rows, by: checkout.name_partner(**rows.of_draft(), partner=rows.partner, by=by),
        checkout.place_order: lambda rows, by: checkout.place_order(
            **rows.of_draft(), payment={"payment_method": "invoice"}, by=by
        ),
        orders.accept_prices: lambda rows, by: orders.accept_prices(**rows.of_draft(), by=by),
        orders.add_product: lambda rows, by: orders.add_product(tenant=rows.tenant, item=rows.sold(), by=by),
        orders.change_lines: lambda rows, by: orders.change_lines(
            **rows.of_draft(), wanted={line.pk: orders.Wanted(9, "annual") for line in rows.lines}, by=by
        ),
        orders.split_off: lambda rows, by: orders.split_off(**rows.of_draft(), products=[], by=by),
        orders.keep: lambda rows, by: orders.keep(**rows.of_draft(), facts={"purchase_order_number": "PO 7"}, by=by),
    },
    (ADMIN, NOBODY): {personal_data.record_own_export: took_own_data},
    (BUYER, LANYUN): {
        from_offer.create_trial: lambda rows, by: from_offer.create_trial(
            tenant=rows.lanyun, offer=rows.offered["trial"].offer, offered=rows.offered["trial"], by=by
        ),
        from_offer.put_into_order: lambda rows, by: from_offer.put_into_order(
            tenant=rows.lanyun, offer=rows.offered["purchase"].offer, by=by
        ),
    },
    (PORTAL, ALPHA): {
        upkeep.bring_batch_up_to_date: trial_that_ends_soon,
        deletion.delete_closed: closed_long_ago,
    },
}
# Of all others one
ROWS = {
    checkout.place_order: 2,  # the order is placed, and its partner credited with what it bought
    closing.close: 3,  # with what ends at once: a subscription and an invitation
    closing.reopen: 2,  # it was suspended before
    deletion.delete_closed: 4,  # with both relationships that end, and the release that one of them was asked for
    subscription_acts.undo_last_change: 2,  # the change, and what takes it back
    from_offer.create_trial: 2,  # the trial starts, and the partner whose offer it was is credited with it
    # A draft of an order is nobody's business yet: what counts is that it is placed
    checkout.name_partner: 0,
    orders.accept_prices: 0,
    orders.add_product: 0,
    orders.change_lines: 0,
    orders.keep: 0,
    orders.split_off: 0,
    from_offer.put_into_order: 0,
    # A person's own, on the own pages: nobody else sees less of anything
    attention.snooze: 0,
    views.save_view: 0,
    views.change_view: 0,
    views.delete_view: 0,
    attention.wake: 0,
    # A message that is no event, and one that was sent before
    webhooks.test_endpoint: 0,
    webhooks.send_again: 0,
    news.mark_seen: 0,
}
# Of all others none
MAILS = {
    approvals.ask_second_person: (MailKind.APPROVAL_ASKED,),
    approvals.approve: (MailKind.APPROVAL_DECIDED,),
    approvals.refuse: (MailKind.APPROVAL_DECIDED,),
    second_factors.reset_second_factor: (MailKind.SECOND_FACTOR_RESET,),
    closing.suspend: (MailKind.TENANT_SUSPENDED,),
    closing.close: (MailKind.TENANT_CLOSED,),
    closing.reopen: (MailKind.TENANT_SUSPENDED, MailKind.TENANT_REOPENED),
    viewing.start_viewing: (MailKind.VIEWED_AS,),
    staff_roles.join_staff: (MailKind.STAFF_ROLES_CHANGED,) * 2,
    staff_roles.set_staff_roles: (MailKind.STAFF_ROLES_CHANGED,) * 2,
    from_offer.create_trial: (MailKind.PARTNER_NAMED,),
    checkout.place_order: (MailKind.ORDER_CONFIRMATION, MailKind.PARTNER_NAMED),
    help_requests.answer: (MailKind.HELP_ANSWERED,),
    help_requests.ask_for_help: (MailKind.HELP_REQUESTED,),
    invitations.invite: (MailKind.INVITATION,),
    invitations.send_again: (MailKind.INVITATION,),
    members.add_member: (MailKind.MEMBERS_CHANGED,),
    members.change_role: (MailKind.MEMBERS_CHANGED, MailKind.OWN_ROLE_CHANGED),
    members.remove_member: (MailKind.MEMBERS_CHANGED, MailKind.OWN_ROLE_CHANGED),
    sign_ins.reset_sign_in: (MailKind.SIGN_IN_RESET,),
    upkeep.bring_batch_up_to_date: (MailKind.TRIAL_ENDS_SOON,),
}
