"""Mails: queued in the transaction of the act that they are about, composed and sent by the worker."""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import facts_of
from subscriptions.base.brand import EVERYWHERE, brand_of
from subscriptions.base.time_zones import zone_in_force
from subscriptions.clouds import profile_of
from subscriptions.mails import invitation_links, password_links
from subscriptions.mails.failures import TAKEN, Tried
from subscriptions.models import AuditEvent, Invitation, Mail, MailTry, Membership
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MAY_WAIT, MailKind, MailState
from subscriptions.models.people.membership import ADMINS, Role
from subscriptions.models.subscription import full_name
from subscriptions.models.user import MailPace

BLANK_LINES = re.compile(r"\n{3,}")
SEND_MAIL = "subscriptions.send_mail"
LINKS_TO_A_PASSWORD = {MailKind.SIGN_IN_RESET, MailKind.PASSWORD_FORGOTTEN}


@dataclass(frozen=True)
class Company:
    """A company's mailbox, in the company's language."""

    name: str
    mailbox: str
    language: str
    number: str = ""  # of a partner


def staff_desk() -> Company:
    """The operator's staff, who read the portal's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return Company(_("Staff"), settings.STAFF_MAILBOX, settings.LANGUAGE_CODE)


def mail_to_company(event: AuditEvent, kind: MailKind, company: Company) -> Mail:
    return Mail(
        tenant_id=event.tenant_id,
        event=event,
        kind=kind,
        to_company_name=company.name,
        to_company_mailbox=company.mailbox,
        to_company_number=company.number,
        language=company.language,
    )


def mails_to_members(
    event: AuditEvent, kind: MailKind, *, roles: Iterable[Role] = ADMINS, but: int | None = None
) -> list[Mail]:
    """One to each member of the event's tenant in these roles who can sign in, but for that person."""
    members = Membership.objects.active().filter(tenant_id=event.tenant_id, role__in=roles).exclude(user=but)
    return [mail_to_person(event, kind, user_id=user_id) for user_id in members.values_list("user_id", flat=True)]


def mail_to_person(event: AuditEvent, kind: MailKind, *, user_id: int) -> Mail:
    return Mail(tenant_id=event.tenant_id, event=event, kind=kind, to_user_id=user_id)


def mail_to_former_address(event: AuditEvent, kind: MailKind, *, user_id: int, address: str) -> Mail:
    """Where the person read mails until now, as whoever has got the account reads at the new one."""
    return Mail(event=event, kind=kind, to_user_id=user_id, former_address=address)


def mail_to_invited(event: AuditEvent, kind: MailKind, invitation: Invitation) -> Mail:
    return Mail(
        tenant_id=event.tenant_id, event=event, kind=kind, invitation=invitation, language=invitation.language
    )


def queue_mails(mails: Iterable[Mail]) -> None:
    """In two statements, however many: the mails, and a job for each."""
    _queue_jobs(Mail.objects.bulk_create(mails))


def _queue_jobs(mails: Iterable[Mail]) -> None:
    queued = [(mail, jobs.configure_task(SEND_MAIL, lock=f"mail-{mail.pk}")) for mail in mails]
    if queued:
        jobs.job_manager.batch_defer_jobs([job.make_new_job(mail_id=mail.pk) for mail, job in queued])


@transaction.atomic
def send_again(*, mail: Mail, by: Actor) -> None:
    """Queues a mail once more; its text and Message-ID stay as they were."""
    Mail.objects.filter(pk=mail.pk).update(state=MailState.QUEUED, sent=None)
    _queue_jobs([mail])
    audit.record(
        AuditKind.MAIL_SENT_AGAIN,
        by=by,
        tenant=mail.tenant,
        subject_name=str(mail),
        subject_uuid=mail.uuid,
    )


def message_to_send(mail_id: int) -> EmailMessage | None:
    """The message of a queued mail; None where there is nothing to send (any more). Needs the worker's scope."""
    mail = Mail.objects.select_related("tenant", "event", "to_user", "invitation").get(pk=mail_id)
    if mail.state in (MailState.SENT, MailState.HELD):
        return None
    if mail.to_user and not mail.to_user.is_active:
        note_failure(mail_id, "The account is not active.", final=True)
        return None
    if mail.to_user and mail.to_user.mails == MailPace.DAILY and mail.kind in MAY_WAIT and not mail.attempts:
        Mail.objects.filter(pk=mail.pk, state=MailState.QUEUED).update(state=MailState.HELD)
        return None
    if mail.invitation and not mail.invitation.email:
        note_failure(mail_id, "The invitation is over.", final=True)
        return None
    if mail.kind == MailKind.ADDRESS_CHANGED and not mail.former_address:
        note_failure(mail_id, "The former address is not kept.", final=True)
        return None
    return compose(mail)


def mark_sent(mail_id: int, *, tried: Tried = TAKEN) -> None:
    _keep_try(mail_id, tried)
    Mail.objects.filter(pk=mail_id).update(
        state=MailState.SENT, sent=timezone.now(), last_error="", attempts=F("attempts") + 1, former_address=""
    )
    _parts(mail_id).update(state=MailState.SENT, sent=timezone.now())


def note_failure(mail_id: int, error: str, *, final: bool, tried: Tried | None = None) -> None:
    """Keeps why a mail could not be sent, where staff can read it; `tried` where a server was asked."""
    if tried:
        _keep_try(mail_id, tried)
    mail = Mail.objects.select_for_update().get(pk=mail_id)
    mail.attempts += 1
    mail.last_error = error[:500]
    mail.state = MailState.FAILED if final else MailState.QUEUED
    mail.save(update_fields=["attempts", "last_error", "state"])
    if final:
        _parts(mail_id).update(state=MailState.FAILED, last_error=error[:500])


def _parts(mail_id: int) -> QuerySet[Mail]:
    """What a digest brings; nothing of any other mail."""
    digest = Mail.objects.filter(pk=mail_id, kind=MailKind.DIGEST)
    return Mail.objects.filter(in_digest__in=digest.values("uuid"))


def _keep_try(mail_id: int, tried: Tried) -> None:
    MailTry.objects.create(
        mail_id=mail_id, outcome=tried.outcome, answer=tried.answer[:300], milliseconds=round(tried.seconds * 1000)
    )


def compose(mail: Mail) -> EmailMessage:
    """The message in its receiver's language. The same mail has the same Message-ID each time."""
    with translation.override(language_of(mail)), timezone.override(_zone_of(mail)):
        text = render_to_string(f"mails/{mail.kind}.txt", _facts(mail))
        zone = _zone_line(mail)
    subject, body = subject_and_body(text)
    host = urlsplit(settings.SITE_URL).hostname
    brand = brand_of(mail.tenant.cloud if mail.tenant else EVERYWHERE)
    return EmailMessage(
        subject=subject,
        from_email=formataddr((brand.product, brand.sender)) if brand.sender else settings.DEFAULT_FROM_EMAIL,
        body=f"{body}\n\n{zone}\n",
        to=[_address_of(mail)],
        headers={"Message-ID": f"<{mail.uuid}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def subject_and_body(text: str) -> tuple[str, str]:
    """Of what a template made: its first line, and paragraphs one blank line apart, whatever it left between them."""
    subject, _separator, body = text.strip().partition("\n")
    return subject.strip(), BLANK_LINES.sub("\n\n", body.strip())


def _facts(mail: Mail) -> dict[str, Any]:
    return {
        "mail": mail,
        "receiver": mail.receiver_name,
        "site_url": settings.SITE_URL,
        "staff_mailbox": settings.STAFF_MAILBOX,
        **_facts_of_event(mail),
        **_made_when_sent(mail),
        **_facts_of_digest(mail),
    }


def _facts_of_event(mail: Mail) -> dict[str, Any]:
    """Its subject as the organization's people know it, or as a company does."""
    event, tenant = mail.event, mail.tenant
    if event is None:
        return {}
    if event.actor_kind == ActorKind.APPLICATION:
        event = copy(event)
        event.actor_name = _("%(name)s (application)") % {"name": event.actor_name}
    subject = full_name(event.subject_name, event.detail.get("own_name", "") if mail.to_user else "")
    operator = tenant.cloud_profile.operator if tenant else ""
    facts = facts_of(event.kind, event.detail)
    return {"event": event, "facts": facts, "subject": subject, "tenant": tenant, "operator": operator}


def _made_when_sent(mail: Mail) -> dict[str, Any]:
    """What is never stored."""
    if mail.kind in LINKS_TO_A_PASSWORD and mail.to_user:
        return password_links.facts(mail.to_user)
    return invitation_links.facts(mail.invitation) if mail.invitation else {}


def _facts_of_digest(mail: Mail) -> dict[str, Any]:
    """Each of its mails as it would have come alone, the oldest first."""
    if mail.kind != MailKind.DIGEST:
        return {}
    parts = Mail.objects.filter(in_digest=mail.uuid).select_related("tenant", "event", "to_user", "invitation")
    return {"parts": [_part(part) for part in parts.order_by("pk")]}


def _part(mail: Mail) -> dict[str, str]:
    with timezone.override(_zone_of(mail)):
        subject, body = subject_and_body(render_to_string(f"mails/{mail.kind}.txt", _facts(mail)))
        return {"subject": subject, "body": body, "zone": _zone_line(mail)}


def language_of(mail: Mail) -> str:
    chosen = (mail.to_user and mail.to_user.language) or mail.language
    return chosen or (profile_of(mail.tenant.cloud).default_language if mail.tenant else settings.LANGUAGE_CODE)


def _zone_of(mail: Mail) -> ZoneInfo:
    """Its people read of an organization in its own zone; a company's mailbox is anywhere."""
    own = mail.to_user.time_zone if mail.to_user else ""
    is_its_persons = mail.to_user_id or mail.invitation_id
    return ZoneInfo(mail.tenant.time_zone if mail.tenant and is_its_persons else own or settings.TIME_ZONE)


def _zone_line(mail: Mail) -> str:
    """In which zone its times are; days that stand alone are the organization's, wherever the mail is read."""
    at = mail.event.at if mail.event else mail.queued
    own, zone = ZoneInfo(mail.tenant.time_zone) if mail.tenant else None, zone_in_force(at)
    if own is None or own == timezone.get_current_timezone():
        return _("Days and times: %(zone)s") % {"zone": zone}
    with timezone.override(own):
        return _("Times: %(zone)s. Days without a time: %(own)s") % {"zone": zone, "own": zone_in_force(at)}


def _address_of(mail: Mail) -> str:
    if person := mail.to_user or mail.invitation:
        return formataddr((person.name, mail.former_address or person.email))
    return formataddr((mail.to_company_name, mail.to_company_mailbox))
