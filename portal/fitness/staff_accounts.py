"""Can staff get in, and are their accounts well kept?"""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.fitness.findings import Finding, good, join_first, warning, wrong
from subscriptions.base import formats
from subscriptions.db import scopes
from subscriptions.models import Invitation, User
from subscriptions.models.people.invitation import InvitationKind


def ask_staff() -> Finding:
    with scopes.nobody():
        number = User.objects.filter(is_staff=True, is_active=True).count()
    with scopes.staff():
        is_invited = Invitation.objects.live().filter(kind=InvitationKind.STAFF).exists()
    if not number and is_invited:
        return warning(_("Nobody of the staff can sign in yet. Somebody is invited, and has the link."))
    if not number:
        return wrong(_("Nobody of the staff can sign in. Mend: manage.py setup"))
    sentence = ngettext("%(number)s person can sign in.", "%(number)s people can sign in.", number)
    return good(sentence % {"number": formats.number(number)})


def ask_second_factor() -> Finding:
    """As the login itself, which alone reads who has one before anybody has signed in."""
    with scopes.nobody():
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        staff = User.objects.filter(is_staff=True, is_active=True)
        without = list(staff.exclude(Exists(factors)).order_by("name_key").values_list("name", flat=True))
    if not without:
        return good(_("Everybody of the staff has one."))
    sentence = ngettext(
        "%(number)s of the staff has no second factor: %(names)s.",
        "%(number)s of the staff have no second factor: %(names)s.",
        len(without),
    )
    names = join_first(without)
    link = f"{reverse('admin:subscriptions_user_changelist')}?is_staff__exact=1"
    return warning(
        sentence % {"number": formats.number(len(without)), "names": names}, link, gettext_lazy("Accounts of staff")
    )
