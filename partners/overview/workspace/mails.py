"""Workspace > Mails: what was sent to the company's mailbox and did not reach it, and why."""

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import PartnerRequest, partner_page
from partners.models import Partner
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import Mail, MailTry
from subscriptions.models.mail import MailKind, MailState
from subscriptions.models.mail_try import TryOutcome
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.tables import Column, Place

NO_SUCH_MAILBOX = gettext_lazy("The mail server knows no such mailbox.")
MAILBOX_IS_FULL = gettext_lazy("The mailbox is full or takes no mails.")
NOT_TRUSTED = gettext_lazy("The mail server refuses mails from the portal. Its administrators can allow the sender.")
REFUSED = gettext_lazy("The mail server refused the mail for good.")
# By the first two parts of the code that a mail server gives beside its words (RFC 3463)
ENHANCED = {"5.1": NO_SUCH_MAILBOX, "5.2": MAILBOX_IS_FULL, "5.7": NOT_TRUSTED}
ENHANCED_CODE = re.compile(r"\b(5\.\d{1,3})\.\d{1,3}\b")
OUTCOMES = {
    TryOutcome.LATER: gettext_lazy("The mail server asked to try again later."),
    TryOutcome.NO_ANSWER: gettext_lazy("The mail server did not answer."),
    TryOutcome.NOT_MADE: gettext_lazy("The mail could not be sent, for a reason that is the portal's."),
}

LAST_TRY = ("mail_id", "at", "outcome", "answer")


def missed(partner: Partner) -> QuerySet[Mail]:
    """Mails to this company which failed, or were tried in vain and are tried again."""
    is_tried = Q(state=MailState.QUEUED) & Exists(MailTry.objects.filter(mail=OuterRef("pk")))
    return Mail.objects.filter(Q(state=MailState.FAILED) | is_tried, to_company_number=partner.number)


def mailbox_notice(partner: Partner) -> str:
    """That the last mail to the mailbox of now did not arrive; empty where it did."""
    mails = Mail.objects.filter(to_company_number=partner.number, to_company_mailbox=partner.mailbox)
    last = mails.exclude(state=MailState.QUEUED).order_by("-id").values("state", "queued").first()
    if last is None or last["state"] != MailState.FAILED:
        return ""
    told = _("Mails to your company mailbox %(mailbox)s do not arrive: the last one, of %(moment)s, failed.")
    return told % {"mailbox": partner.mailbox, "moment": formats.moment(last["queued"])}


def reason_of(outcome: str, answer: str) -> Text:
    """What the mail server meant, by its code where it gave one."""
    if outcome in OUTCOMES:
        return OUTCOMES[TryOutcome(outcome)]
    code = ENHANCED_CODE.search(answer)
    return ENHANCED.get(code[1], REFUSED) if code else REFUSED


def _state(row: dict[str, Any]) -> SafeString:
    if row["state"] == MailState.FAILED:
        return cells.tag("bad", _("Did not arrive"))
    return cells.tag("warn", _("Is tried again"))


def _why(row: dict[str, Any]) -> SafeString:
    return cells.together(row["reason"], cells.below(row["answer"]))


class MissedMailList(List[PartnerRequest]):
    title = gettext_lazy("Mails")
    subtitle = gettext_lazy("Mails to your company mailbox that did not arrive, and what the mail server said.")
    caption = gettext_lazy("Mails that did not arrive")
    template = "workspace/mails.html"
    values = ("kind", "to_company_mailbox", "state", "queued")
    nothing_yet = Empty(
        NOTHING.sentence, why=gettext_lazy("Every mail to your company mailbox has arrived."), icon="mail"
    )
    columns = (
        Column(gettext_lazy("Mail"), lambda row: MailKind(row["kind"]).label),
        Column(gettext_lazy("When"), lambda row: formats.moment(row["at"]), css="day", place=Place.DAY),
        Column(gettext_lazy("To"), lambda row: cells.code(row["to_company_mailbox"]), place=Place.WHOM),
        Column(gettext_lazy("State"), _state, place=Place.STATE),
        Column(gettext_lazy("Why"), _why, place=Place.LINE),
    )

    def found(self, wanted: dict[str, Any]) -> QuerySet[Mail]:
        return missed(self.request.partner)

    def described(self, rows: list[dict]) -> list[dict]:
        """With the last try of each; one without any was never handed to a mail server."""
        tries = MailTry.objects.filter(mail_id__in=[row["id"] for row in rows]).order_by("mail_id", "-id")
        last = {each["mail_id"]: each for each in tries.distinct("mail_id").values(*LAST_TRY)}
        return [self._described(row, last.get(row["id"])) for row in rows]

    def _described(self, row: dict, tried: dict | None) -> dict:
        tried = tried or {"at": row["queued"], "outcome": TryOutcome.NOT_MADE, "answer": ""}
        said = tried["answer"] if tried["outcome"] in (TryOutcome.REFUSED, TryOutcome.LATER) else ""
        return row | {"at": tried["at"], "answer": said, "reason": reason_of(tried["outcome"], tried["answer"])}

    def context(self) -> dict[str, Any]:
        partner, may_change = self.request.partner, self.request.actor.can(Permission.KEEP_PROFILE)
        profile_url = reverse("workspace:profile", args=[partner.number]) if may_change else ""
        return {"notice": mailbox_notice(partner), "mailbox": partner.mailbox, "profile_url": profile_url}


mail_list = partner_page(Permission.READ_WORKSPACE)(MissedMailList.view)


def notice_on_home(request: PartnerRequest) -> dict[str, str]:
    """Context of templates/workspace/_mailbox.html."""
    return {
        "notice": mailbox_notice(request.partner),
        "mails_url": reverse("workspace:mails", args=[request.partner.number]),
    }
