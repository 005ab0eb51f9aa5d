"""One change over several organizations: chosen, previewed and decided once, and done in each as its own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import PartnerOfRecord, ScheduledChange
from partners.partner_of_record.schedule.many import SchedulePartner
from subscriptions.bulk import runs
from subscriptions.models import AuditEvent, BulkAct, BulkRow, JointAct, Mail, Membership, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.people.membership import Role
from tests.architecture.acts.walks import form_on
from tests.database import as_owner
from tests.factories import make_member, make_partner, make_subscription, make_tenant, make_user
from tests.personas import prove_identity

URL = "/organizations/"
ACROSS = f"{URL}changes-across/"
SCHEDULE = SchedulePartner.code


def choose(client, *rows, kind="partner-of-record", **more):
    """Ticks these and presses the button below the list."""
    chosen = {"kind": kind, "list": "", "pick": [str(row.uuid) for row in rows], **more}
    return client.post(f"{ACROSS}choose/", chosen)


def previewed(client, *rows, partner_id="565380", kind="partner-of-record", **typed):
    """The preview that the form leads to."""
    what = choose(client, *rows, kind=kind, **typed)
    assert what.status_code == 303, what.context
    if not what.url.endswith("/what/"):
        return client.get(what.url)
    form = form_on(client.get(what.url), what.url)
    answer = client.post(what.url, form | {"partner_id": partner_id, "reason": "We merge", **typed})
    assert answer.status_code == 303, answer.context["form"].errors
    return client.get(answer.url)


def url_of(page) -> str:
    return page.context["act"].url


def decide(client, page):
    return client.post(url_of(page), form_on(page, url_of(page)))


def by_slug(page) -> dict:
    return {section.part.seat.tenant.slug: section for section in page.context["sections"]}


@as_owner()
def acts() -> dict[str, BulkAct]:
    return {act.tenant.slug: act for act in BulkAct.objects.select_related("tenant").exclude(decided_at=None)}


def work_off() -> None:
    for act in acts().values():
        runs.work_off(tenant_id=act.tenant_id, act_id=act.pk)


@as_owner()
def partner_of(subscription) -> str:
    current = PartnerOfRecord.objects.filter(subscription=subscription, valid__upper_inf=True).first()
    return current.partner.number if current else ""


def test_one_preview_over_all_judges_each_row_by_its_own_cloud_and_role(several, visitor):
    """In 21Vianet there is no Add, and a partner of another cloud is none there; where one only reads, all stays."""
    every = [several.bare, several.named, several.east_bare, several.east_named, several.north_bare, several.secret]
    page = previewed(visitor, *every)
    told = by_slug(page)
    assert set(told) == {"west", "east", "north"}
    west, east, north = told["west"], told["east"], told["north"]
    assert (west.part.chosen, west.part.planned) == (2, 1)
    assert [(group.old, group.new) for group in west.shown.changing] == [("None", "565380 Tailspin Consulting")]
    assert [group.code for group in west.shown.staying] == ["unchanged"]
    assert (east.part.chosen, east.part.planned) == (2, 0)
    assert {group.code for group in east.shown.staying} == {"not-in-this-cloud", "partner-other-cloud"}
    assert north.part.act is None and north.why.code.code == "role"
    text = page.content.decode()
    assert "Global reader" in text and "Change 1 subscription in 1 organization" in text
    assert "Secret" not in text and "Foreign" not in text
    with as_owner():
        assert set(BulkAct.objects.values_list("tenant__slug", flat=True)) == {"west", "east"}
        assert not BulkRow.objects.filter(subscription=several.secret).exists()
        assert PartnerOfRecord.objects.filter(valid__upper_inf=True).count() == 2


def test_where_add_does_not_exist_a_partner_of_that_cloud_is_still_changed(several, visitor):
    make_partner(number="880022", name="Huadong", cloud=several.east.cloud, country="CN", authorized_countries=["CN"])
    page = previewed(visitor, several.named, several.east_bare, several.east_named, partner_id="880022")
    told = by_slug(page)
    assert [group.code for group in told["west"].shown.staying] == ["partner-other-cloud"]
    (group,) = told["east"].shown.changing
    assert (group.count, group.old, group.new) == (1, "880021 Yunhuoban", "880022 Huadong")
    assert [group.code for group in told["east"].shown.staying] == ["not-in-this-cloud"]
    assert decide(visitor, page).status_code == 303
    work_off()
    assert (partner_of(several.named), partner_of(several.east_named)) == ("565380", "880022")


def test_one_decision_is_one_act_in_each_organization_with_its_own_history_audit_and_mails(several, visitor):
    page = previewed(visitor, several.named, several.east_named, several.north_bare, kind="partner-of-record.delete")
    answer = decide(visitor, page)
    assert answer.status_code == 303 and answer.url == url_of(page).removesuffix("preview/")
    decided = acts()
    with as_owner():
        joint = JointAct.objects.get()
    assert {act.joint for act in decided.values()} == {joint.uuid} and set(decided) == {"west", "east"}
    receipt = visitor.get(answer.url)
    assert "Look again" in receipt.content.decode()
    work_off()
    assert (partner_of(several.named), partner_of(several.east_named)) == ("", "")
    with as_owner():
        begun = AuditEvent.objects.filter(kind=AuditKind.BULK_BEGUN)
        assert {(event.tenant.slug, event.detail["joint"]) for event in begun} == {
            ("west", str(joint.uuid)),
            ("east", str(joint.uuid)),
        }
        removed = AuditEvent.objects.filter(kind=AuditKind.PARTNER_OF_RECORD_REMOVED)
        assert {event.tenant.slug: event.correlation for event in removed} == {
            slug: act.uuid for slug, act in decided.items()
        }
        mails = Mail.objects.filter(kind=MailKind.BULK_RECEIPT)
        assert set(mails.values_list("tenant__slug", flat=True)) == {"west", "east"}
        assert not AuditEvent.objects.filter(tenant__in=[several.north, several.foreign]).exists()
    text = visitor.get(answer.url).content.decode()
    assert "Look again" not in text
    for slug, act in decided.items():
        own = f"/t/{slug}/billing/changes/{act.uuid}/"
        assert own in text and visitor.get(own).status_code == 200
    assert "which may read this but not change it" in text
    assert "Delete partner of record" in visitor.get(ACROSS).content.decode()


def test_where_a_second_person_has_to_approve_it_waits_there_alone(several, visitor):
    with as_owner():
        Tenant.objects.filter(pk=several.east.pk).update(second_person=True)
    page = previewed(visitor, several.named, several.east_named, kind="partner-of-record.delete")
    assert page.content.decode().count("A second person is asked to approve it there first.") == 1
    assert "Change 2 subscriptions in 2 organizations" in page.content.decode()
    alone = previewed(visitor, several.east_named, kind="partner-of-record.delete").content.decode()
    assert "Ask to change 1 subscription in 1 organization" in alone
    answer = decide(visitor, page)
    assert {slug: act.state for slug, act in acts().items()} == {"west": "queued", "east": "asked"}
    assert "Waits for approval" in visitor.get(answer.url).content.decode()
    work_off()
    assert (partner_of(several.named), partner_of(several.east_named)) == ("", "880021")


def test_all_that_match_is_what_the_filter_says_in_each_organization(several, visitor):
    scope = {"scope": "all", "list": "partner=with", "shown": [str(several.named.uuid)], "pick": []}
    page = previewed(visitor, kind="partner-of-record.delete", **scope)
    assert {slug: section.part.chosen for slug, section in by_slug(page).items()} == {"east": 1}
    page = previewed(visitor, kind="partner-of-record.delete", scope="all", list=f"group={several.group.uuid}")
    assert {slug: section.part.planned for slug, section in by_slug(page).items()} == {"west": 1, "east": 1}
    assert "Lindner Holding" in page.content.decode()


@pytest.mark.parametrize("lost", ["role", "membership", "suspended"])
def test_a_right_that_is_lost_after_the_preview_is_shown_anew_and_the_rest_can_go_on(several, visitor, lost):
    page = previewed(visitor, several.named, several.east_named, kind="partner-of-record.delete")
    seat = Membership.objects.filter(tenant=several.east, user=several.person)
    with as_owner():
        if lost == "role":
            seat.update(role=Role.GLOBAL_READER)
        elif lost == "membership":
            seat.delete()
        else:
            Tenant.objects.filter(pk=several.east.pk).update(state="suspended", state_since="2026-01-01T00:00Z")
    answer = decide(visitor, page)
    assert answer.status_code == 409 and acts() == {}
    text = answer.content.decode()
    assert ("East Ltd" in text) == (lost != "membership")
    assert ("1 organization is not shown" in text) == (lost == "membership")
    assert decide(visitor, answer).status_code == 303
    assert set(acts()) == {"west"}
    work_off()
    assert (partner_of(several.named), partner_of(several.east_named)) == ("", "880021")


def test_a_role_that_is_lost_while_it_runs_ends_it_there_alone(several, visitor):
    decide(visitor, previewed(visitor, several.named, several.east_named, kind="partner-of-record.delete"))
    with as_owner():
        Membership.objects.filter(tenant=several.east, user=several.person).update(role=Role.GLOBAL_READER)
    work_off()
    assert (partner_of(several.named), partner_of(several.east_named)) == ("", "880021")
    with as_owner():
        row = BulkRow.objects.get(subscription=several.east_named)
    assert row.outcome == "role"


def test_only_its_person_reads_and_decides_it_and_only_what_was_seen(several, visitor, sign_in):
    page = previewed(visitor, several.named, kind="partner-of-record.delete")
    other = sign_in(make_member(tenant=several.west, email="other@west.example", name="Olga"))
    for rest in ("", "what/", "preview/"):
        assert other.get(url_of(page).removesuffix("preview/") + rest).status_code == 404
    wrong = form_on(page, url_of(page)) | {"version": "0" * 64}
    assert visitor.post(url_of(page), wrong).status_code == 409
    with as_owner():
        BulkAct.objects.update(previewed="2026-01-01T00:00Z")
    page = visitor.get(url_of(page))
    assert "Preview again" in page.content.decode()
    anew = decide(visitor, page)
    assert anew.status_code == 409 and acts() == {}
    assert decide(visitor, anew).status_code == 303
    again = decide(visitor, anew)
    assert again.status_code == 303 and len(acts()) == 1


def test_deciding_needs_a_recent_sign_in(several, visitor):
    page = previewed(visitor, several.named, kind="partner-of-record.delete")
    prove_identity(visitor, ago=2 * 60 * 60)
    assert "Confirm that it is you" in visitor.get(url_of(page)).content.decode()
    answer = decide(visitor, page)
    assert "/accounts/confirm/" in answer.url and acts() == {}
    prove_identity(visitor, ago=1)
    assert decide(visitor, visitor.get(url_of(page))).status_code == 303


def test_what_is_no_choice_or_no_partner_is_a_sentence_and_keeps_nothing(several, visitor):
    for chosen in (
        {"kind": "partner-of-record", "list": ""},
        {"kind": "cost-center", "list": "", "pick": [str(several.bare.uuid)]},
        {"kind": "partner-of-record", "list": "", "pick": ["x"]},
        {"kind": "partner-of-record", "list": "", "pick": [str(several.secret.uuid)]},
        {"kind": "partner-of-record", "list": "organization=foreign", "scope": "all"},
    ):
        answer = visitor.post(f"{ACROSS}choose/", chosen)
        assert answer.status_code == 422 and "Foreign" not in answer.content.decode(), chosen
    with as_owner():
        assert not JointAct.objects.exists() and not BulkAct.objects.exists()
    what = choose(visitor, several.bare, several.east_named)
    form = form_on(visitor.get(what.url), what.url)
    for number, said in (("9999999", "No partner has the ID"), ("", "Enter the ID"), ("777001", "No partner has")):
        answer = visitor.post(what.url, form | {"partner_id": number})
        assert answer.status_code == 422 and said in answer.content.decode(), number


def test_where_one_only_reads_nothing_is_written_and_the_preview_says_why(several, visitor):
    page = previewed(visitor, several.north_bare)
    assert by_slug(page)["north"].why.code.code == "role"
    assert "None of the subscriptions that you chose would change." in page.content.decode()
    refused = visitor.post(url_of(page), form_on(page, url_of(page)) if "version" in page.content.decode() else {})
    assert refused.status_code in (409, 422)
    with as_owner():
        assert not BulkAct.objects.exists()
    text = visitor.get(f"{URL}?organization=north").content.decode()
    assert 'name="pick"' not in text


@pytest.mark.parametrize("number", [1, 4])
def test_a_preview_costs_the_same_statements_for_each_organization(several, visitor, number):
    rows = []
    for index in range(number):
        tenant = make_tenant(slug=f"more-{index}", name=f"More {index}")
        make_member(tenant=tenant, user=several.person)
        product = several.bare.product
        rows += [make_subscription(tenant=tenant, product=product, name=f"R {each}") for each in range(3 * number)]
    page = previewed(visitor, *rows)
    with CaptureQueriesContext(connection) as captured:
        visitor.get(url_of(page))
    assert len(captured) == 6 + 5 * number


@pytest.mark.parametrize(("most", "is_cut"), [(2, False), (1, True)])
def test_where_only_the_largest_groups_fit_it_says_so_and_leads_to_all(several, visitor, monkeypatch, most, is_cut):
    make_partner(number="935287")
    monkeypatch.setattr("subscriptions.bulk.reads.MOST_GROUPS", most)
    page = previewed(visitor, several.bare, several.named, several.north_bare, partner_id="935287")
    west = by_slug(page)["west"]
    assert (west.part.planned, len(west.shown.changing), west.is_cut) == (2, most, is_cut)
    told = page.content.decode()
    assert told.count("The largest groups are shown.") == is_cut
    assert (f'<a href="{west.rows_url}">Show all 2</a>' in told) == is_cut


def test_a_stranger_gets_the_sign_in_and_somebody_without_organization_nothing(db, client, sign_in, several):
    assert client.get(ACROSS).status_code == 302
    nobody = sign_in(make_user(email="n@nowhere.example"))
    assert nobody.get(ACROSS).status_code == 200 and choose(nobody, several.bare).status_code == 422


def test_over_several_organizations_a_day_begins_in_each(several, visitor):
    """The form of one organization, once for all; each row waits in its own."""
    day = timezone.localdate() + timedelta(days=30)
    when = {"what": "names", "when": "day", "on": day.isoformat()}
    page = previewed(visitor, several.bare, several.named, several.east_bare, kind=SCHEDULE, **when)
    west = by_slug(page)["west"]
    assert (west.part.planned, [group.code for group in west.shown.staying]) == (1, ["unchanged"])
    assert "Nobody is mailed now." in west.told[0]
    decide(visitor, page)
    work_off()
    with as_owner():
        waits = ScheduledChange.objects.get()
        assert (waits.subscription, waits.partner.number, waits.day) == (several.bare, "565380", day)
        assert not Mail.objects.exists()
