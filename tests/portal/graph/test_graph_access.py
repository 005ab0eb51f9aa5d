"""Who comes in to the facade: by tokens alone, into the own organization or workspace, by role and scopes."""

from uuid import uuid4

import pytest
from django.urls import get_resolver

from partners.models import PartnerOfRecord
from subscriptions.models.people.membership import Role
from tests.database import as_owner
from tests.factories import make_partner, make_relationship, make_subscription
from tests.factories.applications import make_application, make_token
from tests.portal.graph.client import ASKED, OF_TENANT, Program, error_of, of_partner, of_tenant, reason_of

PLACE = "directory/subscriptions"


@pytest.mark.parametrize("token", ["", "por_x", "por_" + "a" * 43])
def test_without_a_valid_token_it_is_401_in_graphs_shape(db, token):
    response = Program(token)("get", PLACE)
    assert (response.status_code, error_of(response)["code"]) == (401, "InvalidAuthenticationToken")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_is_over_a_session_and_one_in_the_address_open_nothing(alpha, global_admin, sign_in):
    application = make_application(tenant=alpha, scopes=OF_TENANT)
    assert Program(make_token(application, days=-1 / 86400))("get", PLACE).status_code == 401
    assert sign_in(global_admin).get(f"/graph/v1.0/{PLACE}").status_code == 401
    token = make_token(application)
    assert Program("")("get", f"{PLACE}?access_token={token}").status_code == 401


def test_what_is_another_organizations_does_not_exist(alpha, beta):
    secret = make_subscription(tenant=beta, name="Secret plan")
    program, partner = of_tenant(alpha), make_partner()
    tie = make_relationship(tenant=beta, partner=partner)
    assert program("get", PLACE).json()["value"] == []
    assert program("get", ASKED).json()["value"] == []
    for path in (f"{PLACE}/{secret.uuid}", f"{PLACE}(commerceSubscriptionId='{secret.uuid}')", f"{ASKED}/{tie.uuid}"):
        there, nowhere = program("get", path), program("get", path.replace(str(secret.uuid), str(uuid4())))
        assert (
            (there.status_code, reason_of(there)) == (nowhere.status_code, reason_of(nowhere)) == (404, "not-found")
        )
    body = {"partnerOfRecord": {"partnerId": partner.number}}
    changed = program("patch", f"{PLACE}/{secret.uuid}", body, match=f'W/"{secret.version}"')
    assert (changed.status_code, reason_of(changed)) == (404, "not-found")
    with as_owner():
        assert not PartnerOfRecord.objects.exists()


def test_a_scope_that_is_missing_is_named_and_a_role_says_the_pages_sentence(alpha):
    row = make_subscription(tenant=alpha)
    body, tag = {"partnerOfRecord": None}, f'W/"{row.version}"'
    reads = of_tenant(alpha, scopes=("subscriptions.read",))("patch", f"{PLACE}/{row.uuid}", body, match=tag)
    assert (reads.status_code, reason_of(reads)) == (403, "insufficient-scope")
    assert "partner-of-record.write" in error_of(reads)["message"]
    reader = of_tenant(alpha, name="Reader", role=Role.GLOBAL_READER)("patch", f"{PLACE}/{row.uuid}", body, match=tag)
    assert (reader.status_code, reason_of(reader)) == (403, "role")


def test_an_organizations_addresses_do_not_exist_for_a_partner_nor_a_partners_for_an_organization(alpha):
    partner = of_partner(make_partner())
    for path in (PLACE, "subscribedSkus"):
        assert partner("get", path).status_code == 404
    program = of_tenant(alpha)
    assert program("get", "tenantRelationships/delegatedAdminCustomers").status_code == 404
    assert program("post", ASKED, {}).status_code == 404


def test_the_operators_applications_belong_nowhere(alpha):
    program = Program(make_token(make_application(scopes=("subscriptions.read",))))
    for path in (PLACE, ASKED, "organization"):
        assert program("get", path).status_code == 404


def test_methods_and_addresses_that_are_not_there_are_told_in_graphs_shape(alpha):
    program = of_tenant(alpha)
    for method in ("put", "post", "delete", "trace", "options"):
        response = program(method, PLACE)
        assert (response.status_code, error_of(response)["code"]) == (405, "Request_MethodNotAllowed")
        assert response.headers["Allow"] == "GET"
    for path in ("users", "", "directory/subscriptions/", f"{ASKED}/x", "me"):
        assert error_of(program("get", path))["code"] == "Request_ResourceNotFound"


def test_the_ids_of_a_request_are_echoed(alpha):
    program = of_tenant(alpha)
    sent = str(uuid4())
    for path in (PLACE, "nowhere", f"{PLACE}?$expand=x"):
        response = program("get", path, client_request_id=sent)
        assert response.headers["client-request-id"] == sent
        assert response.headers["request-id"]
    told = error_of(program("get", f"{PLACE}?$expand=x", client_request_id=sent))["innerError"]
    assert told["client-request-id"] == sent


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Diesen Parameter"), ("zh-Hans", "参数"), ("xx", "no such parameter")]
)
def test_it_speaks_the_language_that_was_asked_for_and_codes_stay(alpha, language, words):
    response = of_tenant(alpha)("get", f"{PLACE}?$expand=x", accept_language=language)
    assert words in error_of(response)["message"]
    assert reason_of(response) == "invalid"


def test_each_operation_says_who_may_call_it():
    names = {"graph-", "arm-"}
    views = [
        pattern
        for name, pattern in _patterns(get_resolver())
        if any(name.startswith(each) for each in names) and not name.endswith("nothing")
    ]
    assert len(views) >= 13
    for pattern in views:
        for method, by_owner in pattern.callback.__wrapped__.operations.items():
            for run in by_owner.values():
                assert run.access.permission is not None
                assert (run.access.kind == "reads") is (method == "GET"), run


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern)
        else:
            yield pattern.name or "", pattern
