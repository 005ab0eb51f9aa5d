"""Who of a partner's people serves which customer: the partner says so and the customer reads it. It gives nobody
any permission, and takes none.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from partners.directory.events import ServingChanged
from partners.directory.people import still_manages
from partners.models import Partner, PartnerOfRecord, PartnerPerson, PartnerRelationship, ServedCustomer
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.db.locks import lock_name
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal

MOST_NAMED = 50
PERSON = (
    "person__user__name",
    "person__partner",
    "person__partner__uuid",
    "person__partner__number",
    "person__partner__name",
)


def names_of(partner: Partner, tenant: Tenant, *, is_customer: bool) -> list[str]:
    """Who serves the organization, by name, as both sides read it; nobody once it is no customer.

    A page has read the ties already: asked once more beside each person, the credits would be read whole.
    """
    if not is_customer:
        return []
    told = ServedCustomer.objects.of_active_people().filter(person__partner=partner, tenant=tenant)
    return list(told.order_by("person__user__name_key", "pk").values_list("person__user__name", flat=True))


def customers_people(tenant: Tenant, *, partner: int | None = None) -> list[dict[str, Any]]:
    """Who serves the organization, of all its partners or of one, by partner and name; the first 50."""
    told = ServedCustomer.objects.of_active_people().filter(tenant=tenant)
    told = told.filter(person__partner=partner) if partner else told
    rows = list(
        told.order_by("person__partner__name_key", "person__user__name_key", "pk").values(*PERSON)[:MOST_NAMED]
    )
    partners = {row["person__partner"] for row in rows}
    live = PartnerRelationship.objects.live().filter(tenant=tenant, partner__in=partners)
    tied = set(live.values_list("partner", flat=True)) if partners else set()
    tied |= {key for key in partners - tied if has_customer(Partner(pk=key), tenant)}
    return [row for row in rows if row["person__partner"] in tied]


def count_customers(people: Iterable[int]) -> dict[int, int]:
    """How many customers each of these people serves; nobody is in it who serves none."""
    told = ServedCustomer.objects.told().filter(person__in=people)
    return dict(told.order_by().values("person").annotate(number=Count("pk")).values_list("person", "number"))


def serving(partner: Partner, tenant: Tenant) -> set[int]:
    """Keys of the people, as they are stored."""
    rows = ServedCustomer.objects.filter(person__partner=partner, tenant=tenant)
    return set(rows.values_list("person", flat=True))


def has_customer(partner: Partner, tenant: Tenant) -> bool:
    """An organization with a live relationship, or one that credits the partner."""
    tie = {"partner": partner, "tenant": tenant}
    if PartnerRelationship.objects.live().filter(**tie).exists():
        return True
    return PartnerOfRecord.objects.in_force().of_existing_subscriptions().filter(**tie).exists()


def may_say_who_serves(*, is_customer: bool) -> Verdict:
    if is_customer:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("The organization is no customer of your company any more."),
        next_step=_("Nobody is named as serving it until there is a relationship again."),
    )


@transaction.atomic
def say_who_serves(
    *, partner: Partner, tenant: Tenant, people: Collection[PartnerPerson], by: Actor
) -> AuditEvent | None:
    """These people and no others serve the customer; None where that is so already. Raises Refused."""
    lock_name("people-of-partner", partner.pk)
    is_customer = has_customer(partner, tenant)
    first_refusal([still_manages(partner.pk, by), may_say_who_serves(is_customer=is_customer)]).require()
    before, wanted = serving(partner, tenant), {person.pk for person in people}
    if before == wanted:
        return None
    names_before = _names(partner, before)
    ServedCustomer.objects.filter(person__in=before - wanted, tenant=tenant).delete()
    ServedCustomer.objects.bulk_create(ServedCustomer(person_id=key, tenant=tenant) for key in wanted - before)
    return audit.record(
        AuditKind.SERVING_CHANGED,
        by=by,
        tenant=None,
        subject_name=f"{tenant.name} · {partner}",
        subject_uuid=partner.uuid,
        facts=ServingChanged(tenant.name, names_before, _names(partner, wanted)),
    )


def _names(partner: Partner, people: Collection[int]) -> tuple[str, ...]:
    rows = PartnerPerson.objects.filter(partner=partner, pk__in=people).order_by("user__name_key", "pk")
    return tuple(rows.values_list("user__name", flat=True))
