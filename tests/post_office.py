"""A mail server on a real port, what the worker does with mails that wait, and the links that mails have."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace

from aiosmtpd.controller import Controller
from django.core.mail import get_connection
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob

from partners.directory.invitations import AtPartner
from partners.models import Partner
from subscriptions import tasks
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.places import InOrganization, OnStaff, Place
from subscriptions.mails import acts as mails
from subscriptions.mails.invitation_links import token_of
from subscriptions.mails.of_accounts import QUEUE_ACCOUNT_MAIL
from subscriptions.models import Invitation, Mail, Tenant, User
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.mail import ABOUT_AN_ACCOUNT, MailState
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from tests.database import as_owner
from tests.ports import free_port


class PostOffice:
    """Keeps each message by the address that it was sent to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.boxes: dict[str, list[EmailMessage]] = {}

    async def handle_DATA(self, server, session, envelope) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        for address in envelope.rcpt_tos:
            self.boxes.setdefault(address, []).append(message)
        return "250 OK"

    def deliver(self) -> None:
        """What the worker does with each mail that waits, by SMTP."""
        connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=self.port)
        with as_owner():
            waiting = list(Mail.objects.filter(state=MailState.QUEUED).order_by("pk").values_list("pk", flat=True))
        for key in waiting:
            with scopes.worker():
                message = mails.message_to_send(key)
            assert message is not None
            message.connection = connection
            message.send()
            with scopes.worker():
                mails.mark_sent(key)

    def newest(self, address: str) -> tuple[str, str]:
        """Subject and text of the last message to that address."""
        message = self.boxes[address][-1]
        body = message.get_body()
        assert body is not None
        return message["Subject"], body.get_content()


@contextmanager
def open_for_mail() -> Iterator[PostOffice]:
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def jobs_asked_for() -> list[dict]:
    with as_owner():
        return list(ProcrastinateJob.objects.filter(task_name=QUEUE_ACCOUNT_MAIL).values_list("args", flat=True))


def send_account_mails(*, attempts: int = 0) -> None:
    """Every job that was ever asked for: one that is run again does nothing."""
    for arguments in jobs_asked_for():
        tasks.queue_account_mail(**arguments)
    with as_owner():
        waiting = list(
            Mail.objects.filter(kind__in=ABOUT_AN_ACCOUNT, state=MailState.QUEUED).values_list("pk", flat=True)
        )
    for key in waiting:
        tasks.send_mail(SimpleNamespace(job=SimpleNamespace(attempts=attempts)), mail_id=key)


def mails_about_accounts() -> list[tuple[str, str]]:
    """Kind and state of each."""
    with as_owner():
        return list(Mail.objects.filter(kind__in=ABOUT_AN_ACCOUNT).order_by("pk").values_list("kind", "state"))


SARA = "sara.davis@contoso.example"


def invited(place: Place, *, email: str = SARA, name: str = "Sara Davis", by: str = "Alex Wilber") -> Invitation:
    with scopes.staff():
        return invitations.invite(place, email=email, name=name, by=staff_actor(User(name=by)))


def invite_member(tenant: Tenant, *, role: Role = Role.BILLING_ADMIN, **person: str) -> Invitation:
    return invited(InOrganization(tenant, role), **person)


def invite_to_partner(partner: Partner, *, role: AgentRole = AgentRole.SALES_AGENT, **person: str) -> Invitation:
    return invited(AtPartner(partner, role), **person)


def invite_to_staff(*roles: StaffRole, **person: str) -> Invitation:
    return invited(OnStaff(roles or (StaffRole.READS_EVERYTHING,)), **person)


def link_to(invitation: Invitation) -> str:
    return f"/invitations/{token_of(invitation.uuid)}/"


@as_owner()
def run_out(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_on=Now() - timedelta(seconds=1))


@as_owner()
def stored(invitation: Invitation) -> Invitation:
    return Invitation.objects.get(pk=invitation.pk)
