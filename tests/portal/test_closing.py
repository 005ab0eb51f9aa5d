"""An organization is suspended, closed and opened again by staff."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from partners.models import PartnerOfRecord, PartnerRelationship, ScheduledChange, ServedCustomer
from partners.offers.rules import may_offer
from subscriptions.access import Actor
from subscriptions.db import scopes
from subscriptions.models import (
    Approval,
    BulkLine,
    HelpRequest,
    Invitation,
    Mail,
    Membership,
    OrganizationGroup,
    SavedView,
    Snooze,
    Subscription,
    Tenant,
    User,
)
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.mail import MailKind
from subscriptions.models.tenant import TenantState
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.upkeep import bring_batch_up_to_date
from subscriptions.tenants.deletion import KEPT, delete_closed
from tests.architecture.addresses.test_url_matrix import ADDRESSES, everything, url_of  # noqa: F401 - a fixture
from tests.database import as_owner
from tests.desk import events, list_url, page_of, rows_of, send
from tests.factories import (
    make_application,
    make_approval,
    make_audit_event,
    make_bulk_act,
    make_delivery,
    make_invitation,
    make_match_request,
    make_member,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_policy,
    make_relationship,
    make_scheduled_change,
    make_subscription,
    make_token,
    make_webhook,
)
from tests.personas import make_delegate

WHY = "Unpaid since August"
SUSPENDED = "This organization is suspended"
PAGES = [address for address in ADDRESSES if address.route.startswith("t/")]


def step(desk, tenant, name: str, **typed):
    return send(desk, page_of(desk, "subscriptions_tenant", f"{name}_organization", tenant), **typed, reason=WHY)


def suspend(desk, tenant) -> None:
    assert step(desk, tenant, "suspend").status_code == 200


def close(desk, tenant) -> None:
    assert step(desk, tenant, "close", has_data="on").status_code == 200


def state_of(tenant) -> str:
    with as_owner():
        return Tenant.objects.get(pk=tenant.pk).state


def put(tenant, state: TenantState, *, kept_for: int = 120) -> None:
    facts = {"state": state, "state_since": timezone.now(), "kept_until": None}
    if state == TenantState.CLOSED:
        facts["kept_until"] = today_of(tenant) + timedelta(days=kept_for)
    with as_owner():
        Tenant.objects.filter(pk=tenant.pk).update(**facts)


def test_each_step_is_kept_with_its_reason_and_mailed_to_global_admins(desk, alpha, global_admin, reader):
    suspend(desk, alpha)
    close(desk, alpha)
    assert step(desk, alpha, "reopen").status_code == 200
    for kind in (AuditKind.TENANT_SUSPENDED, AuditKind.TENANT_CLOSED, AuditKind.TENANT_REOPENED):
        (event,) = events(kind)
        assert (event.tenant_id, event.actor_name, event.reason) == (alpha.pk, "Sam Staff", WHY)
    assert [(mail.kind, mail.to_user_id) for mail in rows_of(Mail)] == [
        (MailKind.TENANT_SUSPENDED, global_admin.pk),
        (MailKind.TENANT_CLOSED, global_admin.pk),
        (MailKind.TENANT_REOPENED, global_admin.pk),
    ]


@pytest.mark.parametrize(
    ("state", "name"),
    [("active", "reopen"), ("suspended", "suspend"), ("closed", "suspend"), ("closed", "close")],
)
def test_a_step_that_does_not_follow_is_refused(state, name, desk, alpha, global_admin):
    put(alpha, TenantState(state))
    answer = page_of(desk, "subscriptions_tenant", f"{name}_organization", alpha)
    assert (answer.status_code, "already" in answer.content.decode()) == (409, True)
    assert state_of(alpha) == state


def test_nothing_that_is_sent_to_a_suspended_organization_is_done(alpha, global_admin, url_of, sign_in):  # noqa: F811
    put(alpha, TenantState.SUSPENDED)
    client, before = sign_in(global_admin), everything()
    for address in PAGES:
        answer = client.post(url_of(address))
        if answer.status_code == 404:  # what this cloud has not
            continue
        assert (address.name, answer.status_code) == (address.name, 403)
        text = answer.content.decode()
        assert "is suspended since" in text and "staff can lift it" in text, address.name
    assert everything() == before


def test_a_suspended_organization_is_read_and_says_so(alpha, global_admin, sign_in):
    make_subscription(tenant=alpha)
    put(alpha, TenantState.SUSPENDED)
    client = sign_in(global_admin)
    for path in ("", "billing/subscriptions/", "billing/orders/", "settings/members/", "settings/audit-log/"):
        page = client.get(f"/t/alpha/{path}", follow=True)
        assert (path, page.status_code, SUSPENDED in page.content.decode()) == (
            path,
            200,
            True,
        )
    assert client.get("/help/?about=/t/alpha/").status_code == 200


def test_a_partners_person_changes_nothing_in_a_suspended_organization(alpha, sign_in):
    subscription = make_subscription(tenant=alpha)
    agent = make_delegate(tenant=alpha, partner=make_partner(), roles=(DelegatedRole.GLOBAL_ADMINISTRATOR,))
    client, url = sign_in(agent), f"/t/alpha/billing/subscriptions/{subscription.uuid}/"
    assert client.get(f"{url}licenses/").status_code == 200
    put(alpha, TenantState.SUSPENDED)
    assert client.get(url).status_code == 200
    answer = client.post(f"{url}licenses/", {"total": "1"})
    assert (answer.status_code, "is suspended since" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize("state", [TenantState.SUSPENDED, TenantState.CLOSED])
def test_no_offer_is_made_to_an_organization_that_is_not_active(state, beta):
    cloud = "o365-21vianet"
    with as_owner():
        Tenant.objects.filter(pk=beta.pk).update(cloud=cloud, country="CN")
    partner = make_partner(number="880021", cloud=cloud)
    agent = Actor(kind=ActorKind.PARTNER, name="A", partner_key=partner.pk, agent_role=AgentRole.ADMIN_AGENT)
    for wanted, allowed in ((TenantState.ACTIVE, True), (state, False)):
        put(beta, wanted)
        with as_owner():
            tenant = Tenant.objects.with_cloud_status().get(pk=beta.pk)
            assert may_offer(agent, tenant, partner).allowed is allowed


def test_of_a_closed_organization_only_the_page_that_says_so_opens(alpha, global_admin, url_of, sign_in):  # noqa: F811
    put(alpha, TenantState.CLOSED)
    client = sign_in(global_admin)
    for address in PAGES:
        answer = client.get(url_of(address))
        assert answer.status_code in (403, 404, 301), address.name
    text = client.get("/t/alpha/").content.decode()
    assert "This organization is closed" in text and "hand out an export of its data" in text
    assert client.post("/t/alpha/settings/staff-view/", {"allowed": "no"}).status_code == 403


def test_what_runs_in_a_closed_organization_ends_at_once(desk, alpha, global_admin):
    ended = make_subscription(tenant=alpha, status="disabled", term_ends_on=today_of(alpha) - timedelta(days=40))
    runs = make_subscription(tenant=alpha, product=ended.product, name="Runs")
    period = make_partner_of_record(subscription=runs, partner=make_partner())
    invitation = make_invitation(tenant=alpha)
    close(desk, alpha)
    with as_owner():
        states = dict(Subscription.objects.values_list("pk", "status"))
        assert states == {ended.pk: "disabled", runs.pk: "expired"}
        assert Subscription.objects.get(pk=runs.pk).cancel_reason == WHY
        assert Invitation.objects.get(pk=invitation.pk).state == "withdrawn"
        period.refresh_from_db()
        assert period.valid.upper is None  # until it is deleted
        assert Tenant.objects.get(pk=alpha.pk).kept_until == today_of(alpha) + timedelta(days=120)


def test_it_is_closed_only_once_it_has_its_data(desk, alpha, global_admin):
    page = step(desk, alpha, "close")
    assert page.status_code == 422
    assert state_of(alpha) == TenantState.ACTIVE
    link = f'<a href="/staff/acts/export-tenant/?ids={alpha.pk}">Export everything of it first</a>'
    assert link in page.content.decode()


def test_a_closed_organization_opens_again_while_it_is_kept(desk, alpha, global_admin, sign_in):
    put(alpha, TenantState.CLOSED, kept_for=-1)
    answer = page_of(desk, "subscriptions_tenant", "reopen_organization", alpha)
    assert (answer.status_code, "was kept until" in answer.content.decode()) == (409, True)
    put(alpha, TenantState.CLOSED, kept_for=0)
    assert step(desk, alpha, "reopen").status_code == 200
    assert sign_in(global_admin).get("/t/alpha/settings/members/").status_code == 200


def test_lists_say_that_an_organization_is_suspended_or_closed(desk, alpha, global_admin, sign_in):
    partner = make_partner()
    agent = make_delegate(tenant=alpha, partner=partner, roles=(DelegatedRole.GLOBAL_READER,))
    make_relationship(tenant=alpha, partner=partner, kind="reseller")
    make_partner_of_record(subscription=make_subscription(tenant=alpha), partner=partner)
    workspace, member = sign_in(agent), sign_in(global_admin)
    for state in (TenantState.SUSPENDED, TenantState.CLOSED):
        put(alpha, state)
        base = f"/p/{partner.number}/"
        with scopes.staff():
            uuid = Tenant.objects.get(pk=alpha.pk).uuid
        for client, url in (
            (workspace, f"{base}customers/"),
            (workspace, f"{base}customers/{uuid}/"),
            (workspace, f"{base}partner-of-record/"),
            (member, "/"),
            (desk, list_url("subscriptions_tenant")),
            (desk, f"/staff/customers/{uuid}/"),
        ):
            page = client.get(url)
            assert (url, page.status_code) == (url, 200)
            assert str(state.label) in page.content.decode(), url


def test_a_closed_organization_is_told_of_nothing_more(alpha, global_admin):
    term_ended = today_of(alpha) - timedelta(days=31)
    make_subscription(tenant=alpha, status="expired", term_ends_on=term_ended)
    put(alpha, TenantState.CLOSED)
    with scopes.worker():
        bring_batch_up_to_date()
    assert [row.status for row in rows_of(Subscription)] == ["disabled"]
    assert rows_of(Mail) == []


def test_the_last_global_admin_of_a_closed_organization_can_be_erased(desk, alpha, global_admin):
    def erase():
        return send(desk, page_of(desk, "subscriptions_user", "erase_person", global_admin), reason=WHY)

    assert "only Global admin" in erase().content.decode()
    put(alpha, TenantState.CLOSED)
    erase()
    with as_owner():
        assert User.objects.get(pk=global_admin.pk).erased is not None
        assert not Membership.objects.filter(tenant=alpha).exists()


def keep_everything(alpha, beta) -> None:
    """What is deleted of alpha, and the same of beta, which is open."""
    for number, tenant in enumerate((alpha, beta)):
        partner = make_partner(number=f"70010{number}")
        make_relationship(tenant=tenant, partner=partner)
        agent = make_partner_person(partner=partner, email=f"agent{number}@x.example")
        make_match_request(tenant=tenant, partners=[partner])
        subscription = make_subscription(tenant=tenant, own_name="Own words", cost_center="4711")
        make_partner_of_record(subscription=subscription, partner=partner)
        member = make_member(tenant=tenant, email=f"admin{number}@x.example", role="global-admin")
        make_scheduled_change(subscription=subscription, user=member)
        make_scheduled_change(subscription=subscription, user=member, state="dismissed")
        make_policy(tenant=tenant, partner=partner, exempt=subscription)
        over = {"outcome": "refused", "decided_at": timezone.now(), "decided_by": "B"}
        for outcome in ({}, over):
            make_approval(subscription=subscription, user=member, **outcome)
        done = {"state": "done", "decided_at": timezone.now(), "decided_by": "A", "proved": timezone.now()}
        many = make_bulk_act(tenant=tenant, user=member, rows=[subscription], **done, ended=timezone.now())
        undo = make_bulk_act(tenant=tenant, user=member, rows=[subscription], undo_of=many)
        make_token(make_application(tenant=tenant))
        make_delivery(endpoint=make_webhook(tenant=tenant), event=make_audit_event(tenant=tenant))
        with as_owner():
            BulkLine.objects.create(tenant=tenant, act=undo, number=2, cells=["Own words"])
            OrganizationGroup.objects.create(name=f"Group {number}").organizations.add(tenant)
            SavedView.objects.create(tenant=tenant, user=member, list="orders", name="Own", query="state=draft")
            Snooze.objects.create(tenant=tenant, user=member, kind="k", until=timezone.now() + timedelta(days=7))
            ServedCustomer.objects.create(person=agent.works_for.get(), tenant=tenant)
            user = User.objects.get(email=f"admin{number}@x.example")
            for company in ("", "Tailspin"):
                HelpRequest.objects.create(
                    tenant=tenant,
                    user=user,
                    partner=company,
                    requested_at=timezone.now(),
                    requested_by=user.name,
                    topic="other",
                    text="Own words",
                )


def owned() -> dict[str, type]:
    """Each model of which an organization has rows, by its label; what hangs on such a row too."""
    own = {Tenant}
    for _ in range(4):
        own |= {model for model in apps.get_models() if {each.related_model for each in model._meta.fields} & own}
    return {model._meta.label: model for model in own}


@as_owner()
def rows_by_model(tenant) -> dict[str, int]:
    """How many of each; what a partner's people asked there is theirs, and what staff ask about it staff's."""
    rows = {
        label: model.objects.filter(tenant=tenant) for label, model in owned().items() if hasattr(model, "tenant")
    }
    rows["subscriptions.ApplicationToken"] = apps.get_model("subscriptions.ApplicationToken").objects.filter(
        application__tenant=tenant
    )
    rows["subscriptions.WebhookDelivery"] = apps.get_model("subscriptions.WebhookDelivery").objects.filter(
        endpoint__tenant=tenant
    )
    rows["subscriptions.HelpRequest"] = rows["subscriptions.HelpRequest"].filter(partner="")
    rows["subscriptions.Approval"] = rows["subscriptions.Approval"].filter(of_staff=True)
    return {label: found.count() for label, found in rows.items()}


def test_a_closed_organization_is_deleted_once_it_was_kept(alpha, beta):
    """Its people and own words go, what proves money and acts stays; another organization keeps all of its own."""
    assert set(KEPT) <= set(owned())
    assert all(KEPT.values())
    keep_everything(alpha, beta)
    before, others_before = rows_by_model(alpha), rows_by_model(beta)
    gone = set(owned()) - set(KEPT)
    assert {label for label in gone if not before[label]} == set()  # each is looked at
    put(alpha, TenantState.CLOSED, kept_for=0)
    with scopes.worker():
        delete_closed()
    assert state_of(alpha) == TenantState.CLOSED  # its last day
    put(alpha, TenantState.CLOSED, kept_for=-1)
    with scopes.worker():
        assert delete_closed().failed == []
        delete_closed()
    (event,) = events(AuditKind.TENANT_DELETED)
    assert (event.tenant_id, event.actor_kind, event.subject_uuid) == (alpha.pk, ActorKind.SYSTEM, alpha.uuid)
    assert event.detail == dict.fromkeys(
        [
            *("members", "help_requests", "subscriptions", "relationships", "match_requests", "people_who_serve"),
            "scheduled_changes",
        ],
        1,
    ) | {"policy": 3, "approvals": 2, "changes_on_many": 2, "groups": 1, "webhooks": 1, "applications": 1}
    after = rows_by_model(alpha)
    assert {label for label in gone if after[label]} == set()
    assert {label for label in before.keys() - gone if after[label] < before[label]} == set()
    assert rows_by_model(beta) == others_before
    assert [row.tenant_id for row in rows_of(Approval)] == [beta.pk] * 2
    (withdrawn,) = events(AuditKind.CHANGE_WITHDRAWN)
    (canceled,) = events(AuditKind.SCHEDULE_CANCELED)
    assert (withdrawn.tenant_id, withdrawn.actor_kind) == (alpha.pk, ActorKind.SYSTEM)
    assert (canceled.tenant_id, canceled.actor_kind) == (alpha.pk, ActorKind.SYSTEM)
    assert (state_of(alpha), state_of(beta)) == (TenantState.DELETED, TenantState.ACTIVE)
    with as_owner():
        own, others = (Subscription.objects.get(tenant=tenant) for tenant in (alpha, beta))
        assert (own.own_name, own.cost_center, own.own_search_text) == ("", "", "")
        assert (others.own_name, others.cost_center) == ("Own words", "4711")
        assert set(HelpRequest.objects.values_list("tenant", "partner")) == {
            (alpha.pk, "Tailspin"),
            (beta.pk, ""),
            (beta.pk, "Tailspin"),
        }
        ended = {row.tenant_id: row.ended_at is not None for row in PartnerRelationship.objects.all()}
        assert ended == {alpha.pk: True, beta.pk: False}
        assert PartnerOfRecord.objects.filter(tenant=alpha).count() == 1
        changes = [ScheduledChange.objects.filter(tenant=tenant).order_by("pk") for tenant in (alpha, beta)]
        assert [row.state for row in changes[0]] == ["canceled", "dismissed"]
        assert [row.state for row in changes[1]] == ["waiting", "dismissed"]
    assert rows_of(Mail) == []


def test_a_deleted_organization_opens_no_more(desk, alpha, global_admin, sign_in):
    put(alpha, TenantState.CLOSED, kept_for=-1)
    with scopes.worker():
        delete_closed()
    assert sign_in(global_admin).get("/t/alpha/").status_code == 404
    answer = page_of(desk, "subscriptions_tenant", "reopen_organization", alpha)
    assert (answer.status_code, "in the state Deleted already" in answer.content.decode()) == (409, True)
