"""Who gets into the operator's pages, and what is the same on all of them."""

from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import connection
from django.db.models import Field
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from tests.desk import add_url, errors_of, list_url, make_mail
from tests.factories import (
    make_audit_event,
    make_member,
    make_partner,
    make_partner_of_record,
    make_relationship,
    make_subscription,
)

MODELS = [
    "subscriptions_tenant",
    "subscriptions_membership",
    "subscriptions_user",
    "subscriptions_order",
    "subscriptions_product",
    "subscriptions_productfamily",
    "subscriptions_productprice",
    "subscriptions_subscription",
    "subscriptions_cloudstate",
    "subscriptions_auditevent",
    "subscriptions_helprequest",
    "subscriptions_importrun",
    "subscriptions_invitation",
    "subscriptions_jobfailure",
    "subscriptions_mail",
    "subscriptions_refusalrecord",
    "partners_matchrequest",
    "partners_partner",
    "partners_partnerrelationship",
    "partners_partnerofrecord",
    "partners_partneroffer",
    "partners_partnerperson",
    "partners_releaserequest",
]


@pytest.fixture
def named(alpha, global_admin):
    """A subscription of alpha with a partner of record."""
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    return subscription


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
    make_relationship(tenant=named.tenant, partner=make_partner(number="935287"))
    assert desk.get(list_url(model)).status_code == 200
    if model != "subscriptions_cloudstate":
        assert desk.get(list_url(model), {"q": "nothing like it"}).status_code == 200


LOOKUPS = {*Field.get_lookups(), "unaccent", "isnull", "has_key", "bogus"} - {"exact"}


@pytest.mark.parametrize("model", MODELS)
def test_a_list_is_filtered_by_what_it_offers_and_in_no_other_way(model, desk, rf):
    page = site._registry[apps.get_model(model.replace("_", "."))]
    offered = {getattr(item, "parameter_name", item) for item in page.list_filter} | set(page.exact)
    taken = {f"{name}__{lookup}" for name in offered for lookup in LOOKUPS}
    assert {key for key in taken if page.lookup_allowed(key, "((", rf.get("/"))} == set()
    answers = {desk.get(list_url(model), {name: text}).status_code for name in offered for text in ("", "((", "0")}
    assert answers <= {200, 302, 400}


@pytest.mark.parametrize("lookup", ["slug__regex", "cloud__unaccent", "uuid__range"])
def test_a_lookup_that_no_list_offers_is_a_bad_request(lookup, desk):
    assert desk.get(list_url("subscriptions_tenant"), {lookup: "(("}).status_code == 400


CHOSEN = {
    "subscriptions_invitation": ["tenant", "partner"],
    "subscriptions_productprice": ["product"],
    "subscriptions_subscription": ["tenant", "product"],
    "partners_partner": ["parent"],
    "partners_partneroffer": ["tenant", "partner"],
    "partners_partnerrelationship": ["tenant", "partner"],
}


@pytest.mark.parametrize("key", ["abc", "1.5", "-1", "９", "\0", "\ud800", "9" * 30])
@pytest.mark.parametrize("model", CHOSEN)
def test_a_row_that_is_none_is_shown_at_its_field_and_chosen_by_no_address(model, key, desk):
    text = key.encode(errors="surrogatepass").decode(errors="replace")
    fields = dict.fromkeys(CHOSEN[model], text)
    assert fields.keys() <= errors_of(desk.post(add_url(model), fields)).keys()
    asked = desk.get(f"{add_url(model)}?{urlencode(fields)}")
    assert asked.status_code == (400 if "\0" in key else 200)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_deleted_here(model, desk, named):
    make_audit_event(tenant=named.tenant)
    page = desk.get(list_url(model)).content.decode()
    assert "delete_selected" not in page
    assert desk.get(reverse(f"admin:{model}_delete", args=[1])).status_code in (302, 403)


def test_only_pages_of_the_portals_own_kind_are_registered(desk):
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_group_changelist")
    entries = [entry for group in desk.get("/staff/").context["app_list"] for entry in group.entries]
    listed = {reverse(f"admin:{model}_changelist") for model in MODELS}
    assert listed <= {entry.url for entry in entries}


@pytest.mark.parametrize("model", ["subscriptions_subscription", "subscriptions_membership", "subscriptions_mail"])
def test_a_list_costs_the_same_for_one_row_and_for_three(model, desk, alpha, django_assert_num_queries):
    partner = make_partner()

    def fill(number):
        subscription = make_subscription(tenant=alpha, name=f"Number {number}")
        make_partner_of_record(subscription=subscription, partner=partner)
        person = make_member(tenant=alpha, email=f"person-{number}@alpha.example")
        make_mail(make_audit_event(tenant=alpha), to_user=person)

    fill(1)
    desk.get(list_url(model))
    with CaptureQueriesContext(connection) as one:
        desk.get(list_url(model))
    fill(2)
    fill(3)
    with django_assert_num_queries(len(one)):
        desk.get(list_url(model))


def test_a_list_is_not_counted_past_the_cap(desk, alpha, monkeypatch):
    monkeypatch.setattr("subscriptions.staff.admin_lists.MOST_COUNTED", 2)
    for number in range(3):
        make_subscription(tenant=alpha, name=f"Number {number}")
    page = desk.get(list_url("subscriptions_subscription")).content.decode()
    assert "More than 2: search or filter to see the others." in page


def test_a_list_offers_acts_where_there_are_rows_and_all_where_some_are_hidden(desk, alpha):
    """An empty one, one that shows all, and one that shows what was looked for."""
    url, offered = list_url("subscriptions_subscription"), []
    for rows, query in ((0, {}), (1, {}), (0, {"q": "Visio"})):
        for _ in range(rows):
            make_subscription(tenant=alpha, name="Project")
        page = desk.get(url, query).content.decode()
        offered.append(('name="action"' in page, "Show all" in page))
    assert offered == [(False, False), (True, False), (False, True)]


def test_events_are_found_by_who_acted_and_by_the_beginning_of_the_subjects_name(desk, alpha, global_admin):
    make_audit_event(tenant=alpha, subject_name="Visio Plan 1")
    make_audit_event(tenant=alpha, actor=global_admin, actor_name=global_admin.name)
    make_audit_event(tenant=alpha, actor_kind="staff", actor_name="Staff")
    url = list_url("subscriptions_auditevent")
    for query, found in (
        ({"q": "Visio"}, ["Alex Wilber"]),
        ({"q": global_admin.email}, [global_admin.name]),
        ({"actor_kind": "staff"}, ["Staff"]),
        ({"actor_kind": "partner"}, []),
    ):
        assert [event.actor_name for event in desk.get(url, query).context["cl"].result_list] == found


def test_mails_are_found_by_the_beginning_of_a_companys_mailbox(desk, alpha):
    for mailbox in ("offers@tailspin.example", "mail@adventure.example"):
        make_mail(make_audit_event(tenant=alpha), to_company_name="Somebody", to_company_mailbox=mailbox)
    for text in ("offers@", "offers@tailspin.example"):
        (mail,) = desk.get(list_url("subscriptions_mail"), {"q": text}).context["cl"].result_list
        assert mail.to_company_mailbox == "offers@tailspin.example"
