"""The partner ID of a subscription by Azure's addresses: no version is sent, so method and ID say what is meant."""

from uuid import uuid4

import pytest

from partners.models import PartnerOfRecord
from tests.database import as_owner
from tests.factories import make_member, make_partner, make_subscription
from tests.portal.graph.client import error_of, of_tenant, reason_of

VERSION = "?api-version=2018-02-01"


@pytest.fixture
def program(alpha):
    make_member(tenant=alpha, email="admin@alpha.example")
    make_partner()
    make_partner(number="935287", name="Other Consulting")
    return of_tenant(alpha)


@pytest.fixture
def subscription(alpha):
    return make_subscription(tenant=alpha, name="Office 365 E3")


def place(subscription, number="", query=VERSION) -> str:
    base = f"/azure/t/{subscription.tenant.slug}/subscriptions/{subscription.uuid}"
    return f"{base}/providers/Microsoft.ManagementPartner/partners{'/' if number else ''}{number}{query}"


@as_owner()
def credited(subscription) -> list[str]:
    rows = PartnerOfRecord.objects.filter(subscription=subscription, valid__upper_inf=True)
    return [row.partner.number for row in rows]


def test_named_read_changed_and_taken_off(program, subscription):
    assert program("get", place(subscription, "565380")).status_code == 404
    made = program("put", place(subscription, "565380"))
    told = made.json()
    assert (made.status_code, told["name"], told["type"]) == (200, "565380", "Microsoft.ManagementPartner/partners")
    assert (told["properties"]["partnerName"], told["properties"]["state"]) == ("Tailspin Consulting", "Active")
    assert program("get", place(subscription, "565380")).json() == program("get", place(subscription)).json() == told
    changed = program("patch", place(subscription, "935287"))
    assert (changed.status_code, changed.json()["etag"], credited(subscription)) == (
        200,
        told["etag"] + 1,
        ["935287"],
    )
    assert program("get", place(subscription, "565380")).status_code == 404
    gone = program("delete", place(subscription, "935287"))
    assert (gone.status_code, gone.content, credited(subscription)) == (200, b"", [])


def test_put_never_takes_the_place_of_another(program, subscription):
    program("put", place(subscription, "565380"))
    assert program("put", place(subscription, "565380")).status_code == 200
    taken = program("put", place(subscription, "935287"))
    assert (taken.status_code, reason_of(taken), credited(subscription)) == (409, "partner-taken", ["565380"])


def test_only_who_is_credited_is_taken_off_and_only_something_is_changed(program, subscription):
    assert program("patch", place(subscription, "565380")).status_code == 404
    assert program("delete", place(subscription, "565380")).status_code == 404
    program("put", place(subscription, "565380"))
    assert program("delete", place(subscription, "935287")).status_code == 404
    assert credited(subscription) == ["565380"]


def test_a_version_that_is_sent_counts(program, subscription):
    program("put", place(subscription, "565380"))
    for method, number in (("patch", "935287"), ("delete", "565380"), ("put", "565380")):
        stale = program(method, place(subscription, number), match='"77"')
        assert (stale.status_code, reason_of(stale)) == (412, "stale")
        assert program(method, place(subscription, number), match="*").status_code == 428
    assert credited(subscription) == ["565380"]


@pytest.mark.parametrize(
    "query", ["", "?api-version=", "?api-version=2025-01-01", f"{VERSION}&x=1", f"{VERSION}&api-version=1"]
)
def test_another_version_of_the_addresses_is_refused_by_name(program, subscription, query):
    response = program("put", place(subscription, "565380", query))
    assert (response.status_code, credited(subscription)) == (400, [])
    assert error_of(response)["target"] in ("api-version", "x")


@pytest.mark.parametrize("number", ["abc", "1e6", "12345678901", "%00", "%20", "-", "5" * 4000])
def test_what_is_no_id_is_a_400_and_changes_nothing(program, subscription, number):
    program("put", place(subscription, "565380"))
    for method in ("put", "patch", "delete", "get"):
        response = program(method, place(subscription, number))
        assert response.status_code == 400, (method, response.content)
        error_of(response)
    assert credited(subscription) == ["565380"]


@pytest.mark.parametrize("body", ["[]", "null", '{"a": 1}', "{", "NaN", '"565380"'])
def test_a_body_has_nothing_to_say(program, subscription, body):
    for method in ("put", "patch", "delete"):
        response = program(method, place(subscription, "565380"), body)
        assert response.status_code in (400, 404)
        error_of(response)
    assert credited(subscription) == []


def test_an_id_that_cannot_be_used_is_a_409_of_azures_too(program, subscription):
    response = program("put", place(subscription, "9999999"))
    assert (response.status_code, reason_of(response)) == (409, "partner-unknown")
    assert credited(subscription) == []


def test_another_organizations_subscription_does_not_exist(beta, program):
    row = make_subscription(tenant=beta, name="Secret")
    for method in ("get", "put", "patch", "delete"):
        response = program(method, place(row, "565380"))
        assert (response.status_code, reason_of(response)) == (404, "not-found")
    row.uuid = uuid4()
    assert program("put", place(row, "565380")).status_code == 404


def test_a_scope_that_azures_addresses_lack_is_named(alpha, subscription):
    make_partner()
    response = of_tenant(alpha, scopes=("subscriptions.read",))("put", place(subscription, "565380"))
    assert (response.status_code, reason_of(response)) == (403, "insufficient-scope")
