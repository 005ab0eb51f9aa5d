"""Who is mailed of which event: one table, which every act reads."""

from collections.abc import Collection, Iterable, Mapping
from enum import Enum

from subscriptions.mails import acts as mails
from subscriptions.mails.acts import Company
from subscriptions.models import AuditEvent, Invitation
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.people.membership import ADMINS, Role


class Receiver(Enum):
    """Those of the organization who can sign in, its person whom the event is about, and companies."""

    ADMINS = "Global and Billing admins"
    OTHER_ADMINS = "Global and Billing admins, but for who acted"
    GLOBAL_ADMINS = "Global admins"
    PERSON = "person"
    FORMER_ADDRESS = "former address of the person"
    INVITED = "invited"
    PARTNER = "partner"
    PARTNER_BEFORE = "partner_before"
    STAFF = "staff"


ROLES: Mapping[Receiver, Iterable[Role]] = {
    Receiver.ADMINS: ADMINS,
    Receiver.OTHER_ADMINS: ADMINS,
    Receiver.GLOBAL_ADMINS: [Role.GLOBAL_ADMIN],
}
CREDIT = {
    MailKind.PARTNER_REMOVED: (Receiver.PARTNER_BEFORE,),
    MailKind.PARTNER_NAMED: (Receiver.PARTNER,),
    MailKind.PARTNER_OF_RECORD_RECEIPT: (Receiver.ADMINS,),
}
BOTH_SIDES = (Receiver.PARTNER, Receiver.GLOBAL_ADMINS)
OFFER_ANSWERED = {
    MailKind.OFFER_ANSWERED: (Receiver.PARTNER,),
    MailKind.OFFER_ANSWER_RECEIPT: (Receiver.GLOBAL_ADMINS,),
}
INVITED = {MailKind.INVITATION: (Receiver.INVITED,)}
MEMBERS_CHANGED = {MailKind.MEMBERS_CHANGED: (Receiver.GLOBAL_ADMINS,)}
OWN_ROLE_CHANGED = {MailKind.OWN_ROLE_CHANGED: (Receiver.PERSON,)}
PARTNER_PEOPLE_CHANGED = {MailKind.PARTNER_PEOPLE_CHANGED: (Receiver.PARTNER,)}
MAILBOX_CHANGED = {MailKind.PARTNER_MAILBOX_CHANGED: (Receiver.PARTNER_BEFORE, Receiver.PARTNER)}
CHANGE_DECIDED = {MailKind.CHANGE_DECIDED: (Receiver.PERSON,)}
RELEASE_ANSWERED = {MailKind.RELEASE_ANSWERED: (Receiver.GLOBAL_ADMINS,)}
MAILED: Mapping[AuditKind, Mapping[MailKind, tuple[Receiver, ...]]] = {
    AuditKind.PARTNER_OF_RECORD_ADDED: CREDIT,
    AuditKind.PARTNER_OF_RECORD_CHANGED: CREDIT,
    AuditKind.PARTNER_OF_RECORD_REMOVED: CREDIT,
    AuditKind.SCHEDULE_NOT_APPLIED: {MailKind.CHANGE_NOT_APPLIED: (Receiver.ADMINS,)},
    AuditKind.BULK_ENDED: {MailKind.BULK_RECEIPT: (Receiver.ADMINS,)},
    AuditKind.BULK_TOLD: {MailKind.CREDITS_CHANGED: (Receiver.PARTNER,)},
    AuditKind.ORDER_PLACED: {
        MailKind.ORDER_CONFIRMATION: (Receiver.ADMINS,),
        MailKind.PARTNER_NAMED: (Receiver.PARTNER,),
    },
    AuditKind.SUBSCRIPTION_STATE_CHANGED: {
        MailKind.SUBSCRIPTION_EXPIRED: (Receiver.ADMINS,),
        MailKind.SUBSCRIPTION_DISABLED: (Receiver.ADMINS,),
    },
    AuditKind.TRIAL_ENDS_SOON: {MailKind.TRIAL_ENDS_SOON: (Receiver.ADMINS,)},
    AuditKind.SIGN_IN_RESET: {MailKind.SIGN_IN_RESET: (Receiver.PERSON,)},
    AuditKind.RELATIONSHIP_ENDED: {MailKind.RELATIONSHIP_ENDED: BOTH_SIDES},
    AuditKind.RELATIONSHIP_ENDS_SOON: {MailKind.RELATIONSHIP_ENDS_SOON: BOTH_SIDES},
    AuditKind.RELATIONSHIP_EXPIRED: {MailKind.RELATIONSHIP_EXPIRED: BOTH_SIDES},
    AuditKind.ROLES_REMOVED: {MailKind.ROLES_REMOVED: BOTH_SIDES},
    AuditKind.OFFER_SENT: {MailKind.OFFER_RECEIVED: (Receiver.GLOBAL_ADMINS,)},
    AuditKind.OFFER_SENT_AGAIN: {MailKind.OFFER_RECEIVED: (Receiver.GLOBAL_ADMINS,)},
    AuditKind.OFFER_WITHDRAWN: {MailKind.OFFER_WITHDRAWN: (Receiver.GLOBAL_ADMINS,)},
    AuditKind.OFFER_ACCEPTED: OFFER_ANSWERED,
    AuditKind.OFFER_DECLINED: OFFER_ANSWERED,
    AuditKind.OFFER_EXPIRED: {MailKind.OFFER_EXPIRED: BOTH_SIDES},
    AuditKind.RELEASE_REQUESTED: {MailKind.RELEASE_REQUESTED: (Receiver.PARTNER,)},
    AuditKind.RELEASE_REMINDED: {MailKind.RELEASE_REMINDED: (Receiver.PARTNER,)},
    AuditKind.RELEASE_ESCALATED: {MailKind.RELEASE_ESCALATED: (Receiver.STAFF, Receiver.GLOBAL_ADMINS)},
    AuditKind.RELEASE_ACKNOWLEDGED: RELEASE_ANSWERED,
    AuditKind.RELEASE_DECLINED: RELEASE_ANSWERED,
    AuditKind.RELEASE_GRANTED: RELEASE_ANSWERED,
    AuditKind.RELEASE_TAKEN_BACK: {MailKind.RELEASE_TAKEN_BACK: (Receiver.PARTNER,)},
    AuditKind.INVITATION_SENT: INVITED,
    AuditKind.INVITATION_SENT_AGAIN: INVITED,
    AuditKind.MEMBER_ADDED: MEMBERS_CHANGED,
    AuditKind.MEMBER_CHANGED: MEMBERS_CHANGED | OWN_ROLE_CHANGED,
    AuditKind.MEMBER_REMOVED: MEMBERS_CHANGED | OWN_ROLE_CHANGED,
    AuditKind.PARTNER_PERSON_ADDED: PARTNER_PEOPLE_CHANGED,
    AuditKind.PARTNER_PERSON_CHANGED: PARTNER_PEOPLE_CHANGED | OWN_ROLE_CHANGED,
    AuditKind.PARTNER_PERSON_REMOVED: PARTNER_PEOPLE_CHANGED | OWN_ROLE_CHANGED,
    AuditKind.PARTNER_CHANGED: MAILBOX_CHANGED,
    AuditKind.HELP_REQUESTED: {MailKind.HELP_REQUESTED: (Receiver.STAFF,)},
    AuditKind.HELP_ANSWERED: {MailKind.HELP_ANSWERED: (Receiver.PERSON,)},
    # A person is named where the own account would be opened to whoever has its password
    AuditKind.APPROVAL_ASKED: {
        MailKind.APPROVAL_ASKED: (Receiver.STAFF,),
        MailKind.SECOND_FACTOR_RESET_ASKED: (Receiver.PERSON,),
    },
    AuditKind.ACCOUNT_CHANGED: {MailKind.ADDRESS_CHANGED: (Receiver.FORMER_ADDRESS,)},
    AuditKind.SECOND_FACTOR_RESET: {MailKind.SECOND_FACTOR_RESET: (Receiver.PERSON,)},
    AuditKind.APPROVAL_GIVEN: {MailKind.APPROVAL_DECIDED: (Receiver.PERSON,)},
    AuditKind.APPROVAL_REFUSED: {MailKind.APPROVAL_DECIDED: (Receiver.PERSON,)},
    AuditKind.CHANGE_ASKED: {MailKind.CHANGE_ASKED: (Receiver.OTHER_ADMINS,)},
    AuditKind.CHANGE_APPROVED: CHANGE_DECIDED,
    AuditKind.CHANGE_REFUSED: CHANGE_DECIDED,
    AuditKind.CHANGE_WITHDRAWN: CHANGE_DECIDED,
    AuditKind.CHANGE_NOT_DECIDED: CHANGE_DECIDED,
    AuditKind.SECOND_PERSON_SWITCHED: {MailKind.SECOND_PERSON_SWITCHED: (Receiver.ADMINS,)},
    AuditKind.TENANT_SUSPENDED: {MailKind.TENANT_SUSPENDED: (Receiver.GLOBAL_ADMINS,)},
    AuditKind.TENANT_CLOSED: {MailKind.TENANT_CLOSED: (Receiver.GLOBAL_ADMINS,)},
    AuditKind.TENANT_REOPENED: {MailKind.TENANT_REOPENED: (Receiver.GLOBAL_ADMINS,)},
    AuditKind.VIEWED_AS: {MailKind.VIEWED_AS: (Receiver.GLOBAL_ADMINS,)},
    AuditKind.STAFF_ROLES_CHANGED: {MailKind.STAFF_ROLES_CHANGED: (Receiver.PERSON, Receiver.STAFF)},
    AuditKind.DIGEST_MADE: {MailKind.AUDIT_DIGEST: (Receiver.STAFF,)},
    AuditKind.DIGEST_DIFFERS: {MailKind.AUDIT_DIFFERS: (Receiver.STAFF,)},
    AuditKind.MATCH_REQUESTED: {
        MailKind.MATCH_REQUESTED: (Receiver.PARTNER,),
        MailKind.MATCH_TO_ARRANGE: (Receiver.STAFF,),
    },
}


def tell(
    event: AuditEvent,
    *,
    only: Collection[Receiver | MailKind] = (),
    person: int | None = None,
    partner: Company | Iterable[Company] | None = None,
    partner_before: Company | None = None,
    invitation: Invitation | None = None,
    former_address: str = "",
) -> None:
    """Queues the mails of the table, or only those of these kinds or to these receivers.

    The act says which companies, which person and which invitation are meant; none where there is none now.
    """
    named = {Receiver.PARTNER: partner, Receiver.PARTNER_BEFORE: partner_before, Receiver.STAFF: mails.staff_desk()}
    for kind, receivers in MAILED[AuditKind(event.kind)].items():
        for receiver in receivers:
            if only and receiver not in only and kind not in only:
                continue
            if receiver in ROLES and (kind is MailKind.TENANT_CLOSED or not _is_over(event)):
                but = event.actor_id if receiver is Receiver.OTHER_ADMINS else None
                mails.queue_to_members(event, kind, roles=ROLES[receiver], but=but)
            elif receiver is Receiver.PERSON and person is not None:
                mails.queue_to_person(event, kind, user_id=person)
            elif receiver is Receiver.FORMER_ADDRESS and person is not None:
                mails.queue_to_former_address(event, kind, user_id=person, address=former_address)
            elif receiver is Receiver.INVITED and invitation is not None:
                mails.queue_to_invited(event, kind, invitation)
            for company in _listed(named.get(receiver)):
                mails.queue_to_company(event, kind, company)


def _is_over(event: AuditEvent) -> bool:
    """Whether its organization is closed: of that alone its people are told."""
    return event.tenant is not None and event.tenant.is_over


def _listed(companies: Company | Iterable[Company] | None) -> Iterable[Company]:
    return [companies] if isinstance(companies, Company) else companies or []
