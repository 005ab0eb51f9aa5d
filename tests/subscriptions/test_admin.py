"""The operator's pages of the ground floor, as the web login in the staff scope."""

from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.urls import NoReverseMatch, reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from partners.models import PartnerOfRecord
from partners.models.partner_of_record import Source
from subscriptions.models import AuditEvent, Mail, Membership, Product, Subscription, Tenant, User
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailKind, MailState
from subscriptions.models.tenant import Role
from tests.database import as_owner
from tests.factories import (
    make_audit_event,
    make_member,
    make_partner,
    make_partner_of_record,
    make_product,
    make_relationship,
    make_subscription,
    make_user,
)

MODELS = [
    "subscriptions_tenant",
    "subscriptions_membership",
    "subscriptions_user",
    "subscriptions_product",
    "subscriptions_subscription",
    "subscriptions_cloudstate",
    "subscriptions_auditevent",
    "subscriptions_mail",
    "subscriptions_refusalrecord",
    "partners_partner",
    "partners_partnerrelationship",
    "partners_partnerofrecord",
]
READ_ONLY = ["subscriptions_auditevent", "subscriptions_mail", "partners_partnerofrecord"]


@pytest.fixture
def desk(staff, sign_in):
    """A member of staff at work."""
    return sign_in(staff)


@pytest.fixture
def named(alpha, global_admin):
    """A subscription of alpha with a partner of record."""
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    return subscription


def list_url(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def change_url(model: str, pk) -> str:
    return reverse(f"admin:{model}_change", args=[pk])


def act(client, model: str, action: str, *rows, **wanted):
    """Chooses rows in a list and sends the page of an action."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], "_act": "yes", **wanted}
    return client.post(list_url(model), data, follow=True)


def rows_of(model) -> list:
    with as_owner():
        return list(model.objects.order_by("pk"))


def events(kind: AuditKind) -> list[AuditEvent]:
    with as_owner():
        return list(AuditEvent.objects.filter(kind=kind).select_related("actor"))


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# Who gets in


@pytest.mark.parametrize("path", ["", "subscriptions/tenant/", "subscriptions/auditevent/1/change/", "nothing/"])
def test_who_is_not_staff_is_refused_alike_everywhere(path, global_admin, sign_in):
    response = sign_in(global_admin).get(f"/staff/{path}")
    assert response.status_code == 403
    assert "tenant" not in response.content.decode().lower()
    assert "audit" not in response.content.decode().lower()


def test_anonymous_people_are_sent_to_the_sign_in(anonymous, db):
    response = anonymous.get("/staff/subscriptions/tenant/")
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_staff_are_no_members_of_anything(alpha, desk):
    assert desk.get("/t/alpha/").status_code == 404


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_searches_open(model, desk, named):
    make_relationship(tenant=named.tenant, partner=make_partner(partner_id="935287"))
    assert desk.get(list_url(model)).status_code == 200
    if model != "subscriptions_cloudstate":
        assert desk.get(list_url(model), {"q": "nothing like it"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_deleted_here(model, desk, named):
    make_audit_event(tenant=named.tenant)
    page = desk.get(list_url(model)).content.decode()
    assert "delete_selected" not in page
    assert desk.get(reverse(f"admin:{model}_delete", args=[1])).status_code in (302, 403)


def test_only_pages_of_the_portals_own_kind_are_registered(desk):
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_group_changelist")
    apps = desk.get("/staff/").context["app_list"]
    assert sorted(f"{app['app_label']}_{m['object_name'].lower()}" for app in apps for m in app["models"]) == sorted(
        MODELS
    )


# What happened can only be read


@pytest.mark.parametrize("model", READ_ONLY)
def test_history_audit_and_mails_are_read_only(model, desk, named):
    event = make_audit_event(tenant=named.tenant)
    pk = {
        "subscriptions_auditevent": event.pk,
        "subscriptions_mail": make_mail(event, to_user=make_user()).pk,
        "partners_partnerofrecord": rows_of(PartnerOfRecord)[0].pk,
    }[model]
    page = desk.get(change_url(model, pk))
    assert page.status_code == 200
    assert b"_save" not in page.content
    assert desk.post(change_url(model, pk), {"reason": "x", "actor_name": "x"}).status_code == 403
    assert desk.get(reverse(f"admin:{model}_add")).status_code == 403
    assert desk.post(reverse(f"admin:{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def make_mail(event, **fields) -> Mail:
    with as_owner():
        return Mail.objects.create(tenant=event.tenant, event=event, kind=MailKind.PARTNER_NAMED, **fields)


def test_a_mail_is_sent_again(desk, staff, alpha):
    event = make_audit_event(tenant=alpha)
    mail = make_mail(event, to_user=make_user(), state=MailState.FAILED, last_error="refused")
    response = desk.post(
        list_url("subscriptions_mail"),
        {"action": "send_again", "_selected_action": [mail.pk], "index": 0},
        follow=True,
    )
    assert messages_of(response) == ["1 mail is queued again."]
    assert rows_of(Mail)[0].state == MailState.QUEUED
    with as_owner():
        assert [job.args for job in ProcrastinateJob.objects.all()] == [{"mail_id": mail.pk}]
    (audited,) = events(AuditKind.MAIL_SENT_AGAIN)
    assert (audited.actor, audited.actor_kind, audited.tenant_id) == (staff, ActorKind.STAFF, alpha.pk)


# Change of a partner of record


def change_partner(client, *subscriptions, **wanted):
    versions = {f"version-{row.pk}": row.version for row in subscriptions}
    return act(client, "subscriptions_subscription", "change_partner_of_record", *subscriptions, **versions | wanted)


def test_the_page_shows_each_chosen_subscription_with_its_partner(desk, named):
    other = make_subscription(tenant=named.tenant)
    data = {"action": "change_partner_of_record", "_selected_action": [named.pk, other.pk], "index": 0}
    response = desk.post(list_url("subscriptions_subscription"), data)
    lines = {line.subscription.pk: line.subscription.partner_id for line in response.context["form"].lines}
    assert lines == {named.pk: "565380", other.pk: None}


def test_the_partner_found_is_shown_before_it_is_named(desk, named):
    make_partner(partner_id="935287", name="Adventure Works Advisors")
    response = change_partner(desk, named, partner_id="935 287", reason="Ticket 7")
    assert response.status_code == 200
    assert "Adventure Works Advisors" in response.content.decode()
    assert response.context["form"]["seen"].value() == "935287"
    assert len(rows_of(PartnerOfRecord)) == 1


def test_a_change_stands_in_history_audit_and_mails(desk, staff, named, global_admin):
    partner = make_partner(partner_id="935287")
    response = change_partner(desk, named, partner_id="935287", seen="935287", reason="Ticket 7")
    assert messages_of(response) == ["Done for 1 row."]
    before, after = rows_of(PartnerOfRecord)
    assert (before.end_source, before.ended_by_id, before.end_reason) == (Source.STAFF, staff.pk, "Ticket 7")
    assert (after.partner_id, after.source, after.set_by_name) == (partner.pk, Source.STAFF, "Sam Staff")
    (event,) = events(AuditKind.PARTNER_OF_RECORD_CHANGED)
    assert (event.actor_kind, event.actor, event.reason) == (ActorKind.STAFF, staff, "Ticket 7")
    assert [(mail.kind, mail.to_user_id) for mail in rows_of(Mail)] == [
        (MailKind.PARTNER_REMOVED, None),
        (MailKind.PARTNER_NAMED, None),
        (MailKind.PARTNER_OF_RECORD_RECEIPT, global_admin.pk),
    ]


def test_a_change_without_reason_is_refused(desk, named):
    make_partner(partner_id="935287")
    response = change_partner(desk, named, partner_id="935287", seen="935287", reason=" ")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["reason"]
    assert len(rows_of(PartnerOfRecord)) == 1


def test_an_empty_box_alone_deletes_nothing(desk, named):
    response = change_partner(desk, named, partner_id="", reason="Ticket 8")
    assert response.status_code == 422
    assert rows_of(PartnerOfRecord)[0].valid.upper is None


def test_the_tick_deletes(desk, named):
    change_partner(desk, named, partner_id="", delete="on", reason="Ticket 8")
    (period,) = rows_of(PartnerOfRecord)
    assert (period.end_source, period.end_reason) == (Source.STAFF, "Ticket 8")
    assert len(events(AuditKind.PARTNER_OF_RECORD_REMOVED)) == 1


def test_what_is_refused_is_reported_for_its_subscription(desk, named):
    make_partner(partner_id="935287")
    disabled = make_subscription(tenant=named.tenant, name="Old one", status="disabled")
    stale = make_subscription(tenant=named.tenant, name="Busy one", version=4)
    stale.version = 3
    response = change_partner(desk, named, disabled, stale, partner_id="935287", seen="935287", reason="Move")
    refused_stale, refused_disabled, done = messages_of(response)
    assert refused_stale.startswith("Busy one: It was changed meanwhile.")
    assert refused_disabled.startswith("Old one: This subscription is disabled")
    assert done == "Done for 1 row."


def test_an_unusable_partner_is_refused_with_the_reason(desk, named):
    make_partner(partner_id="4391507", state="inactive", name="Fourth Coffee")
    response = change_partner(desk, named, partner_id="4391507", reason="Move")
    assert response.status_code == 422
    assert "is no longer active" in str(response.context["form"].errors["partner_id"])


# Facts


def test_a_subscriptions_facts_are_corrected_with_a_reason(desk, staff, named):
    facts = {
        "name": "Office 365 E3 (Berlin)",
        "licenses_total": 22,
        "licenses_assigned": 12,
        "billing_frequency": named.billing_frequency,
        "cost": "1234.5",
        "started_on": named.started_on.isoformat(),
        "term_ends_on": named.term_ends_on.isoformat(),
        "recurring_billing": "on",
    }
    url = change_url("subscriptions_subscription", named.pk)
    assert desk.post(url, facts).status_code == 422
    assert desk.post(url, facts | {"reason": "Typing error", "version": 9}).status_code == 302
    (stored,) = rows_of(Subscription)
    assert (stored.name_key, stored.licenses_total, stored.version) == ("office 365 e3 (berlin)", 22, 1)
    (event,) = events(AuditKind.SUBSCRIPTION_CHANGED)
    assert (event.actor, event.reason) == (staff, "Typing error")
    assert event.detail == {
        "changes": {"name": ["Office 365 E3", "Office 365 E3 (Berlin)"], "licenses_total": [20, 22]}
    }


def test_a_new_subscription_is_paid_in_the_clouds_currency(desk, alpha):
    product = make_product()
    facts = {
        "tenant": alpha.pk,
        "product": product.pk,
        "status": "active",
        "name": "Office 365 E3",
        "licenses_total": 5,
        "licenses_assigned": 0,
        "billing_frequency": "monthly",
        "cost": "20",
        "started_on": "2026-01-01",
        "term_ends_on": "2026-12-31",
    }
    assert desk.post(reverse("admin:subscriptions_subscription_add"), facts).status_code == 302
    assert rows_of(Subscription)[0].currency == "USD"
    assert len(events(AuditKind.SUBSCRIPTION_ADDED)) == 1


def test_a_status_is_changed_by_an_act(desk, named):
    act(desk, "subscriptions_subscription", "change_status", named, status="disabled", reason="Not paid")
    assert rows_of(Subscription)[0].status == "disabled"
    assert events(AuditKind.SUBSCRIPTION_CHANGED)[0].detail == {"changes": {"status": ["active", "disabled"]}}


def test_a_pasted_uuid_finds_exactly_that_subscription(desk, named):
    make_subscription(tenant=named.tenant, name=f"Mentions {named.uuid}")
    response = desk.get(list_url("subscriptions_subscription"), {"q": f" {named.uuid} "})
    assert list(response.context["cl"].result_list) == [named]
    assert desk.get(list_url("subscriptions_subscription"), {"q": str(uuid4())}).context["cl"].result_count == 0


def test_a_new_organization_is_audited(desk):
    facts = {"name": "Gamma AG", "slug": "gamma", "cloud": "o365-worldwide", "country": "DE", "time_zone": "UTC"}
    assert desk.post(reverse("admin:subscriptions_tenant_add"), facts).status_code == 302
    (event,) = events(AuditKind.TENANT_ADDED)
    assert (event.tenant_id, event.subject_name) == (rows_of(Tenant)[0].pk, "Gamma AG")


def test_a_closing_cloud_takes_no_new_organization(desk):
    facts = {"name": "Gamma AG", "slug": "gamma", "cloud": "o365-germany", "country": "DE", "time_zone": "UTC"}
    response = desk.post(reverse("admin:subscriptions_tenant_add"), facts)
    assert response.status_code == 422
    assert rows_of(Tenant) == []


def test_a_clouds_state_and_products_are_audited(desk):
    state = {"cloud": "o365-germany", "status": "open", "reason": "Reopened"}
    assert desk.post(reverse("admin:subscriptions_cloudstate_add"), state).status_code == 302
    product = {"name": "Visio", "sku": "V-1", "family": "visio", "cloud": "o365-worldwide"}
    assert desk.post(reverse("admin:subscriptions_product_add"), product).status_code == 302
    assert len(events(AuditKind.CATALOGUE_CHANGED)) == 2
    assert rows_of(Product)[0].name == "Visio"


# Members and accounts


def membership_of(user) -> Membership:
    with as_owner():
        return Membership.objects.get(user=user)


def test_a_member_is_added_changed_and_removed(desk, alpha, global_admin):
    person = make_user(name="Ravi Nair")
    facts = {"tenant": alpha.pk, "user": person.pk, "role": Role.GLOBAL_READER}
    assert desk.post(reverse("admin:subscriptions_membership_add"), facts).status_code == 302
    membership = membership_of(person)
    url = change_url("subscriptions_membership", membership.pk)
    assert desk.post(url, {"role": Role.BILLING_ADMIN, "reason": "Asked for"}).status_code == 302
    assert membership_of(person).role == Role.BILLING_ADMIN
    act(desk, "subscriptions_membership", "remove_members", membership, reason="Left")
    assert [row.user_id for row in rows_of(Membership)] == [global_admin.pk]
    trail = [
        (event.subject_name, event.detail["changes"]["role"])
        for kind in (AuditKind.MEMBER_ADDED, AuditKind.MEMBER_CHANGED, AuditKind.MEMBER_REMOVED)
        for event in events(kind)
    ]
    assert trail == [
        ("Ravi Nair", [None, "global-reader"]),
        ("Ravi Nair", ["global-reader", "billing-admin"]),
        ("Ravi Nair", ["billing-admin", None]),
    ]


def test_the_last_global_admin_stays(desk, alpha, global_admin):
    make_member(tenant=alpha, role=Role.GLOBAL_ADMIN, is_active=False)
    membership = membership_of(global_admin)
    url = change_url("subscriptions_membership", membership.pk)
    response = desk.post(url, {"role": Role.GLOBAL_READER, "reason": "Asked for"})
    assert response.status_code == 422
    assert "only Global admin" in str(response.context["adminform"].form.errors["role"])
    response = act(desk, "subscriptions_membership", "remove_members", membership, reason="Left")
    assert "only Global admin" in messages_of(response)[0]
    assert membership_of(global_admin).role == Role.GLOBAL_ADMIN


def test_a_new_account_can_sign_in(desk, anonymous):
    facts = {
        "email": "Nora@Example.COM",
        "name": "Nora Petersen",
        "password1": "correct-horse-2026",
        "password2": "correct-horse-2026",
    }
    assert desk.post(reverse("admin:subscriptions_user_add"), facts).status_code == 302
    with as_owner():
        address = EmailAddress.objects.get(user__email="nora@example.com")
    assert (address.email, address.primary, address.verified) == ("nora@example.com", True, True)
    assert anonymous.login(email="nora@example.com", password="correct-horse-2026")
    (event,) = events(AuditKind.ACCOUNT_CHANGED)
    assert event.detail["changes"]["email"] == ["…", "…"]
    assert "correct-horse" not in str(event.detail)


def test_a_weak_password_or_a_known_address_is_refused(desk, staff):
    facts = {"email": "STAFF@portal.example", "name": "Nora", "password1": "password", "password2": "password"}
    response = desk.post(reverse("admin:subscriptions_user_add"), facts)
    assert response.status_code == 422
    assert sorted(response.context["adminform"].form.errors) == ["email", "password2"]


def test_the_sign_in_address_follows_the_account(desk):
    person = make_user(email="old@people.example", name="Ada")
    password = person.password
    facts = {"email": "new@people.example", "name": "Ada", "reason": "Married"}
    assert desk.post(change_url("subscriptions_user", person.pk), facts).status_code == 302
    with as_owner():
        assert [row.email for row in EmailAddress.objects.filter(user=person)] == ["new@people.example"]
        assert User.objects.get(pk=person.pk).password == password
    assert events(AuditKind.ACCOUNT_CHANGED)[0].detail == {"changes": {"email": ["…", "…"]}}


def test_an_account_is_closed_and_opened(desk, staff, global_admin, sign_in):
    session = sign_in(global_admin)
    response = act(desk, "subscriptions_user", "deactivate", global_admin, staff, reason="Lost laptop")
    assert sorted(messages_of(response)) == [
        "Alpha Ltd has no Global admin who can sign in now.",
        "Done for 1 row.",
        "Sam Staff: This is your own account.",
    ]
    assert session.get("/").status_code == 302
    act(desk, "subscriptions_user", "activate", global_admin, reason="Found")
    assert session.get("/").status_code == 200
