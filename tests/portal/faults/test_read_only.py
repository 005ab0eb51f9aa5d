"""A database that takes no change, as a standby: pages are read, and whoever wants to write is told why not."""

from django.db import connections
from django.urls import reverse

from tests.architecture.addresses.facts import staff_urls
from tests.architecture.addresses.test_url_matrix import ADDRESSES, url_of  # noqa: F401 - a fixture
from tests.factories import PASSWORD, make_partner, make_subscription
from tests.partners.partner_of_record import client as acts

WORDS = "Nothing can be changed right now"
# Shows the secret of an app, which it has to keep until the first code comes
WRITES = {"mfa_activate_totp"}


def become_read_only() -> None:
    """What is written before is checked now: a foreign key locks the row that it means."""
    for connection in connections.all():
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")


def not_read(client, urls: dict[str, str]) -> list[str]:
    return [name for name, url in urls.items() if client.get(url).status_code >= 500]


def assert_told(answer) -> None:
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert WORDS in answer.content.decode()


def test_every_page_is_read(global_admin, staff, sign_in, url_of):  # noqa: F811
    """But for files of lists, as each leaves its audit row."""
    client, desk = sign_in(global_admin), sign_in(staff)
    urls = {address.name: url_of(address) for address in ADDRESSES if address.name not in WRITES}
    pages = {name: url for name, url in staff_urls().items() if not url.endswith("export.csv")}
    become_read_only()
    assert (not_read(client, urls), not_read(desk, pages)) == ([], [])


def test_a_file_that_cannot_be_audited_is_not_given(alpha, global_admin, staff, sign_in):
    """In a sentence of its own, on a page that leads back; not even its first line leaves."""
    client, desk = sign_in(global_admin), sign_in(staff)
    subscription = make_subscription(tenant=alpha)
    files = [url for url in staff_urls().values() if url.endswith("export.csv")]
    billing = reverse("subscriptions:list", args=["alpha"])
    asked = [f"{billing}?file={name}" for name in ("csv", "history")]
    asked.append(f"{reverse('partners:relationship-list', args=['alpha'])}?file=csv")
    become_read_only()
    assert files
    for person, url in [(desk, url) for url in files] + [(client, url) for url in asked]:
        answer = person.get(url)
        assert (url, answer.status_code, answer.headers["Retry-After"]) == (url, 503, "60")
        said = answer.content.decode()
        assert "Who takes a file is recorded" in said and str(subscription.uuid) not in said, url


def test_staff_are_told_why_without_a_record(alpha, global_admin, staff, sign_in, caplog):
    """It tells them nothing that they may not read page by page, so it is a reading page."""
    desk = sign_in(staff)
    asked = {"tenant": "alpha", "person": str(global_admin.uuid), "act": "subscriptions:member-invite"}
    become_read_only()
    answer = desk.get("/staff/why/", asked)
    assert (answer.status_code, "Passed" in answer.content.decode()) == (200, True)
    assert [record.msg["what"] for record in caplog.records if record.name == "portal.bookkeeping"] == ["why asked"]


def test_another_organization_is_not_found_as_ever(beta, global_admin, sign_in, caplog):
    client = sign_in(global_admin)
    become_read_only()
    assert client.get("/t/beta/").status_code == 404
    assert [record.msg["what"] for record in caplog.records if record.name == "portal.bookkeeping"] == ["refusal"]


def test_a_sign_in_is_told_why_not(global_admin, anonymous):
    become_read_only()
    assert anonymous.get("/accounts/sign-in/").status_code == 200
    for password in (PASSWORD, "a-wrong-password"):
        assert_told(anonymous.post("/accounts/sign-in/", {"login": global_admin.email, "password": password}))
    assert_told(anonymous.post("/accounts/password/reset/", {"email": global_admin.email}))


def test_every_act_is_told_why_not(alpha, global_admin, sign_in):
    client, subscription = sign_in(global_admin), make_subscription(tenant=alpha)
    make_partner()
    fields = acts.checked(client, subscription, "565380")
    become_read_only()
    assert_told(acts.submit(client, subscription, fields))
    assert_told(acts.check(client, subscription, fields | {"checked": ""}))
    assert_told(client.post("/account/", {"language": "de", "time_zone": "", "theme": "dark", "mails": "daily"}))
    assert_told(client.post("/accounts/sign-out/"))
