"""Who of the staff opens and does what at the desk, and how roles are given."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError
from django.urls import reverse

from portal.staff import permission_of
from subscriptions.access import STAFF_PERMISSIONS, Actor, StaffPermission, staff_actor
from subscriptions.db import scopes
from subscriptions.models import Approval, AuditEvent, Mail, Membership, User
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.tenants import accounts, staff_roles
from subscriptions.verdicts import Refused
from subscriptions.web.role_words import STAFF_ROLE_DESCRIPTIONS
from tests.architecture.addresses.facts import staff_addresses, staff_urls
from tests.database import as_owner
from tests.desk import act, add_url, change_url, events, list_url, page_of, rows_of, send, sent_by
from tests.factories import make_audit_event, make_member, make_user

READS, HELPS, CATALOG, PARTNERS, MAKES = StaffRole
# Which lists each of them sees, and what each may do
SEES = {
    "subscriptions_tenant": {READS, HELPS, PARTNERS},
    "subscriptions_membership": {READS, HELPS, PARTNERS},
    "subscriptions_organizationgroup": {READS, HELPS, PARTNERS},
    "subscriptions_subscription": {READS, HELPS, PARTNERS},
    "subscriptions_order": {READS, HELPS, PARTNERS},
    "subscriptions_helprequest": {READS, HELPS, PARTNERS},
    "subscriptions_user": {READS, HELPS, PARTNERS, MAKES},
    "subscriptions_invitation": {READS, HELPS, PARTNERS, MAKES},
    "subscriptions_product": {READS, HELPS, CATALOG, PARTNERS},
    "subscriptions_productprice": {READS, HELPS, CATALOG, PARTNERS},
    "subscriptions_productfamily": {READS, HELPS, CATALOG, PARTNERS},
    "subscriptions_cloudstate": {READS, HELPS, CATALOG, PARTNERS},
    "subscriptions_application": {MAKES},
    "subscriptions_approval": set(StaffRole),
    "subscriptions_auditevent": set(StaffRole),
    "subscriptions_mail": {READS, HELPS, PARTNERS},
    "subscriptions_refusalrecord": {READS, HELPS, PARTNERS},
    "subscriptions_jobfailure": set(StaffRole),
    "subscriptions_importrun": set(StaffRole),
    "subscriptions_importproblem": set(StaffRole),
    "partners_partner": {READS, HELPS, PARTNERS},
    "partners_partnerperson": {READS, HELPS, PARTNERS},
    "partners_partnerrelationship": {READS, HELPS, PARTNERS},
    "partners_partnerofrecord": {READS, HELPS, PARTNERS},
    "partners_partneroffer": {READS, HELPS, PARTNERS},
    "partners_releaserequest": {READS, HELPS, PARTNERS},
    "partners_matchrequest": {READS, HELPS, PARTNERS},
}
ADDS = {
    "subscriptions_tenant": {HELPS},
    "subscriptions_organizationgroup": {HELPS},
    "subscriptions_subscription": {HELPS},
    "subscriptions_invitation": {HELPS, PARTNERS, MAKES},
    "subscriptions_product": {CATALOG},
    "subscriptions_productprice": {CATALOG},
    "subscriptions_productfamily": {CATALOG},
    "subscriptions_importrun": {HELPS, CATALOG, PARTNERS},
    "partners_partner": {PARTNERS},
    "partners_partnerrelationship": {PARTNERS},
    "partners_partneroffer": {PARTNERS},
}
DOES = {
    "send-again": {HELPS, PARTNERS},
    "end-prices": {CATALOG},
    "withdraw-products": {CATALOG},
    "delete-categories": {CATALOG},
    "cancel-orders": {HELPS},
    "change-partner-of-record": {HELPS, PARTNERS},
    "change-reseller": {HELPS},
    "change-status": {HELPS},
    "export-tenant": {HELPS},
    "delete-groups": {HELPS},
    "remove-members": {HELPS},
    "activate": {HELPS, PARTNERS, MAKES},
    "deactivate": {HELPS, PARTNERS, MAKES},
    "reset-second-factor": {HELPS, PARTNERS, MAKES},
    "send-invitations-again": {HELPS, PARTNERS, MAKES},
    "withdraw-invitations": {HELPS, PARTNERS, MAKES},
    "set-staff-roles": {MAKES},
    "new-token": {MAKES},
    "change-scopes": {MAKES},
    "revoke-token": {MAKES},
    "delete-application": {MAKES},
    "view-as": {HELPS},
    "export-personal-data": {HELPS},
    "erase-person": {HELPS},
    "suspend-organization": {HELPS},
    "close-organization": {HELPS},
    "reopen-organization": {HELPS},
    "approve": set(StaffRole),
    "refuse": set(StaffRole),
    "answer-help": {HELPS},
    "close-help": {HELPS},
    "apply-import": {HELPS, CATALOG, PARTNERS},
    "stop-import": {HELPS, CATALOG, PARTNERS},
    "set-imports-aside": {HELPS, CATALOG, PARTNERS},
}  # the rest is about partners
NO_PAGE = {"admin:login"}


def make_staff(*roles: StaffRole, email: str = "") -> User:
    name = roles[0].value if roles else "nothing"
    return make_user(email=email or f"{name}@portal.example", name=name, is_staff=True, staff_roles=roles)


@pytest.fixture
def clients(db, sign_in) -> dict:
    return {role: sign_in(make_staff(role)) for role in StaffRole}


def test_every_page_and_act_of_the_desk_declares_who_may(db):
    for address in staff_addresses():
        if address.name not in NO_PAGE:
            assert isinstance(permission_of(address.view), StaffPermission), address
    for model, page in admin.site._registry.items():
        if page.may_add or page.may_change:
            assert isinstance(page.change_permission, StaffPermission), model


def test_a_page_that_declares_nothing_is_refused():
    with pytest.raises(ImproperlyConfigured):
        permission_of(lambda request: None)


def test_each_role_has_its_group_its_words_and_a_part_of_what_there_is():
    assert set(STAFF_PERMISSIONS) == set(STAFF_ROLE_DESCRIPTIONS) == set(StaffRole)
    assert set().union(*STAFF_PERMISSIONS.values()) == set(StaffPermission)


def test_each_role_opens_its_lists_and_no_others(clients):
    assert {url: set() for url in SEES} == {
        f"{m._meta.app_label}_{m._meta.model_name}": set() for m in admin.site._registry
    }
    opened = {
        url: {role for role, client in clients.items() if client.get(list_url(url)).status_code == 200}
        for url in SEES
    }
    assert opened == SEES
    home = clients[CATALOG].get(reverse("admin:index")).content.decode()
    assert list_url("subscriptions_product") in home and list_url("subscriptions_tenant") not in home


def test_who_reads_of_no_customer_reads_no_row_of_one(clients, alpha, staff):
    """In the list, by its address, in the file, and in what the home counts."""
    make_audit_event(tenant=alpha, subject_name="Of Alpha")
    make_audit_event(tenant=None, kind=AuditKind.CATALOG_CHANGED, subject_name="Of the operator")
    with as_owner():
        mine = AuditEvent.objects.get(subject_name="Of Alpha")
        asked = {"act": "admin:set-staff-roles", "asker": staff, "asked_by": staff.name}
        for row, (tenant, name) in enumerate({alpha: "Of Alpha", None: "Of the operator"}.items()):
            Approval.objects.create(tenant=tenant, row=row, subject_name=name, **asked)
    for role, client in clients.items():
        sees = ("Of Alpha", "Of the operator") if role in SEES["subscriptions_tenant"] else ("Of the operator",)
        for model in ("subscriptions_auditevent", "subscriptions_approval"):
            shown = {row.subject_name for row in client.get(list_url(model)).context["cl"].result_list}
            assert (role, model, shown - {"Audit events"}) == (role, model, set(sees))  # and that a file was taken
        assert (client.get(change_url("subscriptions_auditevent", mine.pk)).status_code == 200) == (len(sees) == 2)
        exported = client.get("/staff/subscriptions/auditevent/export.csv")
        assert (b"Of Alpha" in b"".join(exported.streaming_content)) == (len(sees) == 2)
        counted = [work.total for work in client.get("/staff/").context["queue"].works if "approval" in work.url]
        assert counted == [len(sees)]


def test_each_role_adds_its_rows_and_no_others(clients):
    """Who may not sees no form, and sends none."""
    for method, status in (("get", 200), ("post", 422)):
        added = {
            url: {
                role
                for role, client in clients.items()
                if getattr(client, method)(add_url(url)).status_code == status
            }
            for url in ADDS
        }
        assert added == ADDS


def test_each_role_does_its_acts_and_no_others(clients):
    """Of acts without rows the list is shown; who may not is told so before anything is looked up."""
    acts = {name.partition(" ")[0]: url for name, url in staff_urls().items() if url.startswith("/staff/acts/")}
    assert len(acts) > 20
    for name, url in acts.items():
        wanted = DOES.get(name.removeprefix("admin:"), {PARTNERS})
        for method in ("get", "post"):
            answers = {role: getattr(client, method)(url).status_code for role, client in clients.items()}
            assert answers == {role: 303 if role in wanted else 403 for role in StaffRole}, name


def test_a_refusal_says_who_can_and_what_next(clients):
    answer = clients[READS].post(reverse("admin:activate") + "?ids=1")
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Reads everything. That does not include this." in text
    assert "Helps customers, Keeps partners, or Makes staff" in text


def test_what_a_role_may_not_do_is_shown_on_a_rows_page_with_who_can(clients, alpha, global_admin):
    page = clients[READS].get(change_url("subscriptions_user", global_admin.pk)).content.decode()
    assert "Deactivate" in page and 'href="/staff/acts/deactivate' not in page
    assert page_of(clients[READS], "subscriptions_user", "deactivate", global_admin).status_code == 200
    sent = clients[READS].post(change_url("subscriptions_tenant", alpha.pk), {"name": "Mine", "reason": "x"})
    assert (sent.status_code, [row.name for row in rows_of(type(alpha))]) == (403, ["Alpha Ltd"])


def test_staff_without_a_role_see_a_page_that_says_so_and_nothing_else(sign_in, db):
    client = sign_in(make_staff())
    pages = {client.get(url).content for name, url in staff_urls().items() if not name.startswith("admin:login ")}
    assert len(pages) == 1
    answer = client.get("/staff/")
    assert (answer.status_code, "nobody has said what you do there" in answer.content.decode()) == (403, True)


def give(client, person: User, *roles: StaffRole, **typed):
    page = page_of(client, "subscriptions_user", "set_staff_roles", person)
    return send(client, page, **{"roles": [role.value for role in roles], "reason": "Hired", **typed})


def test_roles_are_given_with_a_reason_kept_and_mailed(clients, sign_in):
    person = make_user(email="new@portal.example", name="Nadia New")
    assert give(clients[MAKES], person, HELPS, CATALOG, reason="").status_code == 422
    give(clients[MAKES], person, HELPS, CATALOG)
    (event,) = events(AuditKind.STAFF_ROLES_CHANGED)
    assert (event.subject_uuid, event.reason) == (person.uuid, "Hired")
    assert event.detail == {"after": ["helps-customers", "keeps-catalog"]}
    assert sorted(mail.to_user_id or 0 for mail in rows_of(Mail)) == [0, person.pk]
    assert sign_in(User.objects.get(pk=person.pk)).get(list_url("subscriptions_tenant")).status_code == 200


def test_who_loses_all_roles_is_none_of_the_staff_any_more(clients, sign_in):
    person = make_staff(HELPS, email="helper@portal.example")
    client = sign_in(person)
    give(clients[MAKES], person)
    assert "Only the operator" in client.get("/staff/").content.decode()
    assert [event.detail for event in events(AuditKind.STAFF_ROLES_CHANGED)] == [{"before": ["helps-customers"]}]


def test_nobody_gives_a_role_to_himself(sign_in, db):
    own = make_staff(MAKES)
    client = sign_in(own)
    assert page_of(client, "subscriptions_user", "set_staff_roles", own).status_code == 403
    form = sent_by(
        page_of(
            sign_in(make_staff(MAKES, email="other@portal.example")), "subscriptions_user", "set_staff_roles", own
        )
    )
    answer = client.post(reverse("admin:set-staff-roles") + f"?ids={own.pk}", form | {"roles": ["helps-customers"]})
    assert (answer.status_code, "your own roles" in answer.content.decode()) == (403, True)


def test_of_two_who_take_each_others_role_one_stays(db):
    """The second is asked again what it may, as the first has left it."""
    one, other = make_staff(MAKES, email="one@portal.example"), make_staff(MAKES, email="two@portal.example")
    with scopes.staff():
        staff_roles.set_staff_roles(user=other, roles=[], by=staff_actor(one), reason="R")
        with pytest.raises(Refused):
            staff_roles.set_staff_roles(user=one, roles=[], by=staff_actor(other), reason="R")


def test_of_two_who_close_each_others_account_one_stays(db):
    one, other = make_staff(MAKES, email="one@portal.example"), make_staff(MAKES, email="two@portal.example")
    with scopes.staff():
        accounts.set_active(user=other, active=False, by=staff_actor(one), reason="R")
        as_before = Actor(kind=ActorKind.STAFF, name="O", user_id=other.pk, staff_roles=frozenset({MAKES}))
        with pytest.raises(Refused):
            accounts.set_active(user=one, active=False, by=as_before, reason="R")
    assert [user.is_active for user in User.objects.filter(pk__in=[one.pk, other.pk]).order_by("pk")] == [True, False]


def test_the_account_of_one_of_the_staff_is_kept_by_those_who_make_staff(clients):
    """Who could change its address would become that person by a link for a new password."""
    colleague = make_staff(MAKES, email="colleague@portal.example")
    url = change_url("subscriptions_user", colleague.pk)
    wanted = {"email": "mine@portal.example", "name": "Mine", "reason": "Renamed"}
    assert clients[HELPS].post(url, wanted).status_code == 403
    act(clients[HELPS], "subscriptions_user", "deactivate", colleague, reason="R")
    with as_owner():
        kept = User.objects.get(pk=colleague.pk)
    assert (kept.email, kept.is_active) == ("colleague@portal.example", True)
    helper = Actor(kind=ActorKind.STAFF, name="H", user_id=1, staff_roles=frozenset({HELPS}))
    with pytest.raises(Refused):
        accounts.save_account(user=colleague, by=helper, reason="R")
    assert clients[MAKES].post(url, wanted | {"language": "", "time_zone": ""}).status_code == 302


def test_the_form_of_an_account_makes_nobody_staff(clients):
    person = make_user(email="n@x.example", name="N")
    facts = {"email": "n@x.example", "name": "New", "is_staff": "on", "reason": "R"}
    assert clients[MAKES].post(change_url("subscriptions_user", person.pk), facts).status_code == 302
    with as_owner():
        kept = User.objects.get(pk=person.pk)
    assert (kept.name, kept.is_staff) == ("New", False)


def test_the_staffs_scope_makes_no_group(db):
    with pytest.raises(ProgrammingError, match="permission denied"), scopes.staff():
        Group.objects.create(name="almighty")


def test_who_helps_customers_keeps_a_membership(clients, alpha, global_admin):
    make_member(tenant=alpha, email="second@alpha.example")
    first, _second = rows_of(Membership)
    url, facts = change_url("subscriptions_membership", first.pk), {"role": "global-reader", "reason": "New duties"}
    assert clients[PARTNERS].post(url, facts).status_code == 403
    assert clients[HELPS].post(url, facts).status_code == 302
    assert [row.role for row in rows_of(Membership)] == ["global-reader", "global-admin"]
