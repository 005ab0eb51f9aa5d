"""directory/subscriptions: lists, and a partner of record that is named, changed and cleared by PATCH."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import PartnerOfRecord
from subscriptions.models import AuditEvent, Mail
from tests.database import as_owner
from tests.factories import make_member, make_partner, make_partner_of_record, make_product, make_subscription
from tests.portal.graph.client import error_of, of_tenant, reason_of

PLACE = "directory/subscriptions"


@pytest.fixture
def program(alpha):
    make_member(tenant=alpha, email="admin@alpha.example")
    return of_tenant(alpha)


@pytest.fixture
def subscription(alpha):
    return make_subscription(tenant=alpha, name="Office 365 E3")


@pytest.fixture
def partner(db):
    return make_partner()


@as_owner()
def history(subscription) -> list[tuple[str, bool]]:
    rows = PartnerOfRecord.objects.filter(subscription=subscription).order_by("pk")
    return [(row.partner.number, row.valid.upper is None) for row in rows]


def named(number="565380", **more) -> dict:
    return {"partnerOfRecord": {"partnerId": number, **more}}


def test_seven_by_three_are_three_pages_and_each_is_there_once(alpha, beta, program):
    names = {make_subscription(tenant=alpha, name=f"Plan {number}").name for number in range(7)}
    make_subscription(tenant=beta, name="Of somebody else")
    found, sizes, url = [], [], f"{PLACE}?$top=3&$count=true"
    while url:
        page = program("get", url).json()
        assert page["@odata.count"] == 7
        sizes.append(len(page["value"]))
        found += [row["displayName"] for row in page["value"]]
        url = page.get("@odata.nextLink", "")
        assert url == "" or url.startswith("http")
        url = url.partition("://")[2].partition("/")[2] and f"/{url.partition('://')[2].partition('/')[2]}"
    assert sizes == [3, 3, 1]
    assert sorted(found) == sorted(names)


def test_pages_in_another_order_are_whole_too(alpha, program):
    today = timezone.localdate()
    for number in (2, 0, 1):
        make_subscription(tenant=alpha, name=f"Plan {number}", term_ends_on=today + timedelta(days=40 + number))
    first = program("get", f"{PLACE}?$top=2&$orderby=nextLifecycleDateTime desc").json()
    rest = program("get", first["@odata.nextLink"].partition("testserver")[2] or _path(first)).json()
    assert [row["displayName"] for row in (*first["value"], *rest["value"])] == ["Plan 2", "Plan 1", "Plan 0"]


def _path(page) -> str:
    return "/" + page["@odata.nextLink"].partition("://")[2].partition("/")[2]


def test_states_are_told_in_graphs_words_and_filter_by_them(alpha, program):
    today = timezone.localdate()
    make_subscription(tenant=alpha, name="Active")
    make_subscription(tenant=alpha, name="Trial", status="trial", term_ends_on=today + timedelta(days=9))
    make_subscription(tenant=alpha, name="Expired", status="expired", term_ends_on=today - timedelta(days=9))
    make_subscription(tenant=alpha, name="Disabled", status="disabled", term_ends_on=today - timedelta(days=40))
    rows = program("get", PLACE).json()["value"]
    told = {row["displayName"]: (row["status"], row["isTrial"]) for row in rows}
    assert told == {
        "Active": ("Enabled", False),
        "Trial": ("Enabled", True),
        "Expired": ("Warning", False),
        "Disabled": ("Suspended", False),
    }
    wanted = {
        "status eq 'Enabled'": ["Active", "Trial"],
        "status eq 'Warning'": ["Expired"],
        "status eq 'Enabled' and isTrial eq true": ["Trial"],
        "isTrial eq false and status eq 'Suspended'": ["Disabled"],
        "status eq 'Deleted'": [],
    }
    for text, names in wanted.items():
        found = program("get", f"{PLACE}?$filter={text}").json()["value"]
        assert [row["displayName"] for row in found] == names, text


def test_filters_by_product_and_by_partner(alpha, program, subscription, partner):
    other = make_subscription(tenant=alpha, name="Other", product=make_product(sku="EMS'E5", name="Other"))
    make_partner_of_record(subscription=other, partner=partner)
    for text in (
        "skuPartNumber eq 'EMS''E5'",
        f"skuId eq '{other.product.uuid}'",
        "partnerOfRecord/partnerId eq '565380'",
        f"commerceSubscriptionId eq '{other.uuid}'",
    ):
        found = program("get", f"{PLACE}?$filter={text}").json()["value"]
        assert [row["displayName"] for row in found] == ["Other"], text


def test_one_is_read_by_its_id_and_by_its_commerce_id_with_a_weak_etag(program, subscription, partner):
    make_partner_of_record(subscription=subscription, partner=partner)
    by_id = program("get", f"{PLACE}/{subscription.uuid}")
    by_key = program("get", f"{PLACE}(commerceSubscriptionId='{subscription.uuid}')")
    assert by_id.json() == by_key.json()
    assert by_id.headers["ETag"] == by_id.json()["@odata.etag"] == f'W/"{subscription.version}"'
    credited = by_id.json()["partnerOfRecord"]
    assert (credited["partnerId"], credited["displayName"]) == ("565380", "Tailspin Consulting")
    known = program("get", f"{PLACE}/{subscription.uuid}", if_none_match=by_id.headers["ETag"])
    assert (known.status_code, known.content) == (304, b"")


def test_select_leaves_the_rest_out(program, subscription):
    row = program("get", f"{PLACE}/{subscription.uuid}?$select=status,partnerOfRecord").json()
    assert set(row) == {"@odata.etag", "id", "status", "partnerOfRecord"}


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("$expand=x", "$expand"),
        ("$skip=3", "$skip"),
        ("$search=x", "$search"),
        ("top=3", "top"),
        ("$top=0", "$top"),
        ("$top=201", "$top"),
        ("$top=-1", "$top"),
        ("$top=abc", "$top"),
        ("$top=1&$top=2", "$top"),
        ("$count=yes", "$count"),
        ("$filter=name eq 'x'", "$filter"),
        ("$filter=status eq 'Nope'", "$filter"),
        ("$filter=status eq Enabled", "$filter"),
        ("$filter=status eq 'Enabled' or isTrial eq true", "$filter"),
        ("$filter=status eq 'Enabled' and ", "$filter"),
        ("$filter=", "$filter"),
        ("$filter=skuId eq 'x'", "$filter"),
        ("$filter=isTrial eq 'true'", "$filter"),
        ("$filter=partnerOfRecord/partnerId eq 'abc'", "$filter"),
        ("$filter=skuPartNumber eq '%00'", "$filter"),
        ("$select=nope", "$select"),
        ("$select=", "$select"),
        ("$orderby=status", "$orderby"),
        ("$orderby=displayName up", "$orderby"),
        ("$skiptoken=abc", "$skiptoken"),
        ("$skiptoken=", "$skiptoken"),
    ],
)
def test_what_a_query_may_not_say_is_named(program, subscription, query, target):
    response = program("get", f"{PLACE}?{query}")
    assert response.status_code == 400
    assert error_of(response)["target"] == target


def test_a_skiptoken_of_another_filter_or_another_application_is_refused(alpha, program):
    for number in range(2):
        make_subscription(tenant=alpha, name=f"Plan {number}")
    link = _path(program("get", f"{PLACE}?$top=1&$filter=isTrial eq false").json())
    assert program("get", link).status_code == 200
    assert reason_of(program("get", link.replace("isTrial", "isTrial").replace("false", "true"))) == "invalid-cursor"
    assert reason_of(of_tenant(alpha, name="Another")("get", link)) == "invalid-cursor"


def test_patch_names_changes_and_clears_by_the_version_that_was_seen(program, subscription, partner):
    make_partner(number="935287", name="Other Consulting")
    url = f"{PLACE}/{subscription.uuid}"
    tag = program("get", url).headers["ETag"]
    first = program("patch", url, named(), match=tag)
    assert (first.status_code, first.json()["partnerOfRecord"]["displayName"]) == (200, "Tailspin Consulting")
    assert first.headers["ETag"] != tag
    second = program("patch", url, named("935287"), match=first.headers["ETag"])
    third = program("patch", url, {"partnerOfRecord": None}, match=second.headers["ETag"])
    assert third.json()["partnerOfRecord"] is None
    assert history(subscription) == [("565380", False), ("935287", False)]
    with as_owner():
        events = AuditEvent.objects.filter(subject_uuid=subscription.uuid).order_by("pk")
        assert [(row.kind, row.actor_kind, row.actor_name) for row in events] == [
            ("partner-of-record.added", "application", "Billing sync"),
            ("partner-of-record.changed", "application", "Billing sync"),
            ("partner-of-record.removed", "application", "Billing sync"),
        ]
        assert Mail.objects.filter(tenant=subscription.tenant, to_company_mailbox="").count() == 3


def test_the_same_partner_again_changes_nothing(program, subscription, partner):
    make_partner_of_record(subscription=subscription, partner=partner)
    url = f"{PLACE}(commerceSubscriptionId='{subscription.uuid}')"
    again = program("patch", url, named(), match=f'W/"{subscription.version}"')
    assert (again.status_code, again.headers["ETag"]) == (200, f'W/"{subscription.version}"')
    assert history(subscription) == [("565380", True)]


def test_without_the_version_it_is_428_and_with_an_old_one_412(program, subscription, partner):
    url = f"{PLACE}/{subscription.uuid}"
    for match in (None, "*", "W/*", "3"):
        missing = program("patch", url, named(), match=match)
        assert (missing.status_code, reason_of(missing)) == (428, "version-missing")
    stale = program("patch", url, named(), match=f'W/"{subscription.version + 1}"')
    assert (stale.status_code, reason_of(stale)) == (412, "stale")
    assert error_of(stale)["innerError"]["currentVersion"] == subscription.version
    assert history(subscription) == []


BAD_BODIES = {
    "{}": "partnerOfRecord",
    '{"partnerOfRecord": {}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": null}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": ""}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": 935287}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": "abc"}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": "1e6"}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": "12345678901"}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": "9352\\u000087"}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": "\\ud800"}}': "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": "%s"}}' % ("9" * 10_000): "partnerOfRecord/partnerId",
    '{"partnerOfRecord": {"partnerId": "935287", "since": "x"}}': "partnerOfRecord/since",
    '{"partnerOfRecord": {"partnerId": "935287", "partnerId": "1"}}': "partnerId",
    '{"partnerOfRecord": null, "status": "Deleted"}': "status",
    '{"partnerOfRecord": "935287"}': "partnerOfRecord",
    '{"partnerOfRecord": []}': "partnerOfRecord",
    "[]": None,
    "null": None,
    '{"partnerOfRecord": NaN}': None,
    '{"partnerOfRecord": ': None,
    '{"a":' * 200 + "1" + "}" * 200: None,
    "\x00": None,
    " ": None,
}


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_bad_body_is_a_400_with_its_place_and_removes_nothing(program, subscription, partner, body):
    make_partner_of_record(subscription=subscription, partner=partner)
    make_partner(number="935287", name="Other Consulting")
    response = program("patch", f"{PLACE}/{subscription.uuid}", body, match=f'W/"{subscription.version}"')
    assert response.status_code == 400, response.content
    assert error_of(response).get("target") == BAD_BODIES[body]
    assert history(subscription) == [("565380", True)]


def test_a_number_in_full_width_digits_is_read_as_on_the_page(program, subscription, partner):
    response = program(
        "patch", f"{PLACE}/{subscription.uuid}", named("５６５３８０"), match=f'W/"{subscription.version}"'
    )
    assert response.json()["partnerOfRecord"]["partnerId"] == "565380"


def test_another_kind_of_content_and_too_much_of_it_are_refused(program, subscription):
    url, tag = f"/graph/v1.0/{PLACE}/{subscription.uuid}", f'W/"{subscription.version}"'
    form = program.client.patch(
        url, "partnerOfRecord=", "application/x-www-form-urlencoded", headers={"if-match": tag}
    )
    assert (form.status_code, reason_of(form)) == (415, "not-json")
    large = program("patch", url, '{"partnerOfRecord": "%s"}' % ("9" * 1024 * 1024), match=tag)
    assert (large.status_code, reason_of(large)) == (413, "body-too-large")


def test_an_id_that_cannot_be_used_is_a_409_with_the_reason_and_no_name(program, subscription):
    make_partner(number="935287", name="Secret Name Ltd", state="suspended")
    tag = f'W/"{subscription.version}"'
    for number, code in (("9999999", "partner-unknown"), ("935287", "partner-not-active")):
        response = program("patch", f"{PLACE}/{subscription.uuid}", named(number), match=tag)
        assert (response.status_code, reason_of(response)) == (409, code)
        assert error_of(response)["innerError"]["nextStep"]
        assert "Secret" not in response.content.decode()
    assert history(subscription) == []


def test_another_name_than_was_meant_credits_nobody(program, subscription, partner):
    url, tag = f"{PLACE}/{subscription.uuid}", f'W/"{subscription.version}"'
    other = program("patch", url, named(displayName="Northwind Traders"), match=tag)
    assert (other.status_code, reason_of(other)) == (409, "partner-name-differs")
    assert history(subscription) == []
    assert program("patch", url, named(displayName="tailspin consulting"), match=tag).status_code == 200


def test_annotations_of_odata_say_nothing(program, subscription, partner):
    body = {"@odata.type": "#microsoft.graph.companySubscription", **named(**{"@odata.type": "x"})}
    response = program("patch", f"{PLACE}/{subscription.uuid}", body, match=f'W/"{subscription.version}"')
    assert response.status_code == 200


def test_a_key_makes_a_lost_answer_safe(program, subscription, partner):
    url, tag = f"{PLACE}/{subscription.uuid}", f'W/"{subscription.version}"'
    first = program("patch", url, named(), match=tag, idempotency_key="k-1")
    again = program("patch", url, named(), match=tag, idempotency_key="k-1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["ETag"] == first.headers["ETag"] == f'W/"{subscription.version + 1}"'
    assert history(subscription) == [("565380", True)]


def test_a_second_person_is_asked_where_the_organization_wants_that(alpha, program, subscription, partner):
    with as_owner():
        alpha.second_person = True
        alpha.save()
    response = program("patch", f"{PLACE}/{subscription.uuid}", named(), match=f'W/"{subscription.version}"')
    assert (response.status_code, response.json().get("waitsForApproval")) == (202, True)
    assert response.json()["partnerOfRecord"] is None
    assert history(subscription) == []
