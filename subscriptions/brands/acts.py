"""The operator's logo, as staff upload it and take it off again."""

from django.db import transaction
from django.utils.translation import gettext as _

from subscriptions.access import Actor, StaffPermission
from subscriptions.audit.acts import record
from subscriptions.audit.events import LogoChanged
from subscriptions.base.logo import Logo
from subscriptions.brands.reads import forget_logos
from subscriptions.clouds import Cloud
from subscriptions.models import AuditEvent, BrandLogo
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Verdict


def may_brand(actor: Actor) -> Verdict:
    return actor.may_staff(StaffPermission.MAKE_STAFF)


def place_name(cloud: str) -> str:
    return str(Cloud(cloud).label) if cloud else _("The portal")


@transaction.atomic
def set_logo(*, cloud: str, logo: Logo | None, by: Actor, reason: str) -> AuditEvent | None:
    """Of a cloud, or of the portal where none is named; without one, the uploaded one goes. None for no change.

    Pages of other processes show it within a minute. Needs the staff's scope. Raises Refused.
    """
    may_brand(by).require()
    stored = BrandLogo.objects.select_for_update().filter(cloud=cloud)
    before = stored.values_list("digest", flat=True).first() or ""
    after = logo.digest if logo else ""
    if before == after:
        return None
    if logo:
        facts = {"png": logo.png, "digest": logo.digest, "width": logo.width, "height": logo.height}
        BrandLogo.objects.update_or_create(cloud=cloud, defaults=facts)
    else:
        stored.delete()
    transaction.on_commit(forget_logos)
    return record(
        AuditKind.LOGO_CHANGED,
        by=by,
        tenant=None,
        subject_name=place_name(cloud),
        reason=reason,
        facts=LogoChanged(before, after),
    )
