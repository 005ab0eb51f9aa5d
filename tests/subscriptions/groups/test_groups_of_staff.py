"""Groups of organizations, as staff keep them at their desk."""

from subscriptions.models import AuditEvent, GroupedOrganization, OrganizationGroup
from subscriptions.models.audit_event import AuditKind
from tests.database import as_owner
from tests.desk import act, add_url, change_url, list_url, sent_by
from tests.factories import make_user
from tests.subscriptions.groups.conftest import make_group

MODEL = "subscriptions_organizationgroup"


@as_owner()
def members(group: OrganizationGroup) -> list[str]:
    return sorted(GroupedOrganization.objects.filter(group=group).values_list("tenant__slug", flat=True))


@as_owner()
def last_event() -> AuditEvent:
    return AuditEvent.objects.filter(kind=AuditKind.GROUP_CHANGED).latest("pk")


def test_staff_name_a_group_and_say_which_organizations_are_in_it(desk, several):
    page = desk.get(add_url(MODEL))
    desk.post(add_url(MODEL), sent_by(page) | {"name": "Two of them", "addresses": "WEST\neast west"})
    with as_owner():
        group = OrganizationGroup.objects.get(name="Two of them")
    assert members(group) == ["east", "west"]
    event = last_event()
    assert event.detail == {"joined": ["east", "west"]}
    assert (event.subject_name, event.subject_uuid, event.tenant_id) == ("Two of them", group.uuid, None)
    url = change_url(MODEL, group.pk)
    change = {"name": "Three", "addresses": "north west", "reason": "Sold"}
    assert desk.post(url, sent_by(desk.get(url)) | change).status_code == 302
    assert members(group) == ["north", "west"]
    event = last_event()
    assert event.detail == {"before": "Two of them", "joined": ["north"], "left": ["east"]}
    assert (event.reason, event.actor_kind) == ("Sold", "staff")


def test_an_unknown_address_a_name_twice_and_another_ones_change_are_said(desk, several):
    page = sent_by(desk.get(add_url(MODEL)))
    unknown = desk.post(add_url(MODEL), page | {"name": "New", "addresses": "west nowhere"})
    assert unknown.status_code == 422 and "No organization has this address: nowhere" in unknown.content.decode()
    twice = desk.post(add_url(MODEL), page | {"name": several.group.name, "addresses": "west"})
    assert twice.status_code == 422
    url = change_url(MODEL, several.group.pk)
    shown = sent_by(desk.get(url))
    with as_owner():
        GroupedOrganization.objects.filter(group=several.group, tenant=several.east).delete()
    stale = desk.post(url, shown | {"name": "Other", "reason": "R"})
    assert stale.status_code == 409 and "foreign, west" in stale.content.decode()
    assert members(several.group) == ["foreign", "west"]


def test_a_group_goes_and_its_organizations_stay(desk, several):
    group = make_group("To go", several.west)
    act(desk, MODEL, "delete_groups", group, reason="Sold")
    with as_owner():
        assert not OrganizationGroup.objects.filter(pk=group.pk).exists()
    assert last_event().detail == {"before": "To go", "is_deleted": True, "left": ["west"]}
    assert "Lindner Holding" in desk.get(list_url(MODEL)).content.decode()


def test_whoever_only_reads_at_the_desk_keeps_no_group(several, sign_in):
    reads = make_user(email="reads@portal.example", name="Rosa", is_staff=True, staff_roles=["reads-everything"])
    client = sign_in(reads)
    assert client.get(list_url(MODEL)).status_code == 200
    assert client.get(add_url(MODEL)).status_code == 403
