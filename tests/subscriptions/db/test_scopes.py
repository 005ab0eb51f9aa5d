"""What the database shows and takes in each scope, and that a scope ends with its request."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.urls import include, path
from django.utils import timezone
from psycopg import errors
from psycopg.types.range import TimestamptzRange

from partners.models import Partner, PartnerOfRecord
from portal.urls import handler404, handler500  # noqa: F401
from subscriptions.access import Permission
from subscriptions.db import scopes
from subscriptions.mails import acts as mails
from subscriptions.models import AuditEvent, Mail, Membership, Subscription, Tenant, User
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.web.page_access import tenant_page
from tests.database import as_owner, owner_session
from tests.factories import make_audit_event, make_partner, make_subscription, make_user

DENIED = "permission denied for table"
OTHER_ROW = "violates row-level security policy"


# Views that the portal does not have (yet): what a scope must hold for, shown at addresses of the tests
@tenant_page(Permission.READ)
def lazy(request) -> HttpResponse:
    template = engines["django"].from_string("{% for each in rows %}{{ each.name }};{% endfor %}")
    return SimpleTemplateResponse(template, {"rows": Subscription.objects.order_by("name")})


@tenant_page(Permission.READ)
def streamed(request) -> HttpResponse:
    def names():
        with scopes.tenant(request.tenant.pk):
            for subscription in Subscription.objects.order_by("name").iterator():
                yield f"{subscription.name};"

    return StreamingHttpResponse(names())


@tenant_page(Permission.READ)
def streamed_without_scope(request) -> HttpResponse:
    return StreamingHttpResponse(subscription.name for subscription in Subscription.objects.iterator())


@tenant_page(Permission.READ)
def raises(request) -> HttpResponse:
    assert Subscription.objects.exists()
    raise ZeroDivisionError


def bare(request) -> HttpResponse:
    return HttpResponse(str(Subscription.objects.count()))


urlpatterns = [
    path("t/<slug:slug>/lazy/", lazy),
    path("t/<slug:slug>/streamed/", streamed),
    path("t/<slug:slug>/streamed-without-scope/", streamed_without_scope),
    path("t/<slug:slug>/raises/", raises),
    path("bare/", bare),
    path("", include("portal.urls")),
]


@pytest.fixture
def two(alpha, beta) -> tuple[Subscription, Subscription]:
    """A subscription of alpha and one of beta."""
    return make_subscription(tenant=alpha, name="Own"), make_subscription(tenant=beta, name="Foreign")


@pytest.fixture
def test_views(settings):
    settings.ROOT_URLCONF = __name__


@contextmanager
def refused(words: str):
    """The statement fails, and only it: the test's transaction goes on."""
    with pytest.raises(ProgrammingError, match=words), transaction.atomic():
        yield


@pytest.mark.parametrize("model", [Tenant, Membership, Subscription, AuditEvent, Mail, PartnerOfRecord, Partner])
def test_without_a_scope_nothing_is_read(two, model):
    with refused(DENIED):
        model.objects.count()


def test_without_a_scope_nothing_is_written(two):
    with refused(DENIED):
        Subscription.objects.update(version=2)


def test_a_scope_without_an_id_has_no_rows(two):
    with scopes.tenant(""):
        assert [Subscription.objects.count(), Subscription.objects.update(version=2)] == [0, 0]


def test_a_row_for_another_tenant_is_refused(alpha, beta):
    event = {"kind": AuditKind.MEMBER_ADDED, "actor_kind": ActorKind.SYSTEM, "actor_name": "P", "subject_name": "S"}
    with scopes.tenant(alpha.pk):
        assert AuditEvent.objects.create(tenant=alpha, **event).pk
        with refused(OTHER_ROW):
            AuditEvent.objects.create(tenant=beta, **event)


def test_a_row_cannot_move_to_another_tenant(two, alpha, beta):
    with scopes.tenant(alpha.pk), refused(DENIED):
        Subscription.objects.update(tenant=beta)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE ON subscriptions_subscription TO portal_tenant")
    with scopes.tenant(alpha.pk), refused(OTHER_ROW):
        Subscription.objects.update(tenant=beta)


def test_a_row_cannot_point_into_another_tenant(two, alpha):
    _own, foreign = two
    partner = make_partner()
    # Nothing is copied from a subscription that the scope does not see, so it fails before the foreign key does
    with pytest.raises(IntegrityError, match=r'"product_id" .* violates not-null'), scopes.tenant(alpha.pk):
        PartnerOfRecord.objects.create(
            tenant=alpha,
            subscription=foreign,
            partner=partner,
            valid=TimestamptzRange(timezone.now() + timedelta(seconds=5), None, "[)"),
            source="tenant",
            set_by_name="Ada",
        )


def test_a_query_without_where_counts_own_rows_only(two, alpha):
    with scopes.tenant(alpha.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM subscriptions_subscription")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE subscriptions_subscription",
        "TRUNCATE subscriptions_auditevent CASCADE",
        "ALTER TABLE subscriptions_subscription DISABLE ROW LEVEL SECURITY",
        "DROP POLICY portal_tenant ON subscriptions_subscription",
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "INSERT INTO partners_partner (number) VALUES ('1')",
        "SET row_security = off; SELECT * FROM subscriptions_subscription",
        "SELECT password FROM subscriptions_user",
        "DELETE FROM subscriptions_auditevent",
        "CREATE TABLE mine ()",
    ],
)
def test_in_a_tenants_scope_the_web_login_breaks_nothing(real_login, statement):
    """The owner's name is asked of the owner, so that it is a role that could be entered: 42501, and nothing else."""
    with owner_session() as session:
        (owner,) = session.execute("SELECT quote_ident(current_user)").fetchone()
    with pytest.raises(errors.InsufficientPrivilege), real_login.transaction():
        real_login.execute("SELECT set_config('role', 'portal_tenant', true), set_config('app.tenant_id', '1', true)")
        real_login.execute(statement.format(owner=owner))


@pytest.mark.parametrize("change", ["is_staff = true", "is_superuser = true", "email = 'x'", "is_active = true"])
def test_outside_every_scope_the_web_login_makes_nobody_staff(real_login, change):
    with pytest.raises(errors.InsufficientPrivilege):
        real_login.execute(f"UPDATE subscriptions_user SET {change}")


@pytest.mark.django_db(transaction=True)
def test_after_a_request_its_connection_is_in_no_scope(two, global_admin, sign_in):
    client = sign_in(global_admin)
    session = connection.connection
    assert client.get("/t/alpha/").status_code == 200
    with refused(DENIED):
        Subscription.objects.count()
    assert connection.connection is session


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("test_views")
def test_a_view_without_a_scope_reads_nothing_after_alpha(two, global_admin, sign_in):
    client = sign_in(global_admin)
    client.raise_request_exception = False
    assert client.get("/t/alpha/").status_code == 200
    answer = client.get("/bare/")
    assert (answer.status_code, b"Own" in answer.content) == (500, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("test_views")
def test_a_view_that_raises_leaves_no_scope(two, global_admin, sign_in):
    client = sign_in(global_admin)
    client.raise_request_exception = False
    session = connection.connection
    assert client.get("/t/alpha/raises/").status_code == 500
    assert scopes.current() == scopes.Setting()
    with refused(DENIED):
        Subscription.objects.count()
    assert connection.connection is session


@pytest.mark.usefixtures("test_views")
def test_a_lazy_template_reads_in_the_scope(two, global_admin, sign_in):
    assert sign_in(global_admin).get("/t/alpha/lazy/").content == b"Own;"


@pytest.mark.usefixtures("test_views")
def test_a_streamed_answer_reads_in_its_own_scope(two, global_admin, sign_in):
    assert sign_in(global_admin).get("/t/alpha/streamed/").getvalue() == b"Own;"


@pytest.mark.usefixtures("test_views")
def test_a_streamed_answer_without_a_scope_reads_nothing(two, global_admin, sign_in):
    client = sign_in(global_admin)
    with refused(DENIED):  # already its first part, which is made before the answer begins
        client.get("/t/alpha/streamed-without-scope/").getvalue()


def test_a_job_without_a_scope_writes_nothing(alpha):
    event = make_audit_event(tenant=alpha)
    with as_owner():
        mail = Mail.objects.create(
            tenant=alpha, event=event, kind=MailKind.PARTNER_NAMED, to_company_mailbox="a@b.example"
        )
    with refused(DENIED):
        mails.message_to_send(mail.pk)
    with refused(DENIED):
        mails.note_failure(mail.pk, "no", final=True)
    with as_owner():
        assert list(Mail.objects.values_list("state", "attempts")) == [("queued", 0)]


@pytest.mark.parametrize("scope", ["person", "tenant"])
def test_nobody_makes_himself_a_member(alpha, beta, global_admin, scope):
    entered = scopes.person(global_admin.pk) if scope == "person" else scopes.tenant(alpha.pk)
    with entered, refused(DENIED):
        Membership.objects.create(tenant=beta, user=global_admin, role="global-admin")


def test_nobody_raises_his_own_role(alpha, reader):
    with scopes.person(reader.pk), refused(DENIED):
        Membership.objects.update(role="global-admin")


def test_an_organization_changes_the_roles_of_its_own_members_alone(alpha, beta, reader, admin_of_beta):
    with scopes.tenant(alpha.pk):
        Membership.objects.update(role="billing-admin")
    with as_owner():
        assert set(Membership.objects.values_list("user__email", "role")) == {
            (reader.email, "billing-admin"),
            (admin_of_beta.email, "global-admin"),
        }


def test_a_person_sees_own_memberships_and_changes_only_own_choices(alpha, reader, admin_of_beta):
    with scopes.person(reader.pk):
        assert [str(tenant) for tenant in Tenant.objects.all()] == ["Alpha Ltd"]
        assert Membership.objects.count() == 1
        assert User.objects.update(theme="dark") == 1
        for field in ("is_staff", "email", "password"):
            with refused(DENIED):
                User.objects.update(**{field: "1"})


def test_a_scope_ends_where_it_began(alpha, beta):
    with scopes.tenant(alpha.pk):
        with scopes.tenant(beta.pk):
            assert Tenant.objects.get() == beta
        assert Tenant.objects.get() == alpha
    with refused(DENIED):
        Tenant.objects.count()


def test_an_unknown_person_has_nothing(alpha, make=make_user):
    with scopes.person(make().pk):
        assert list(Tenant.objects.all()) == []
