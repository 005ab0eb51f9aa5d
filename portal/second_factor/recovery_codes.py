"""Recovery codes are shown once: in the session that made them, until the person says to have kept them."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db import transaction

SHOWN_FOR = 15 * 60  # seconds
TO_KEEP = "recovery_codes_to_keep"  # in the session: which codes, and until when they are shown


def codes_of(user) -> RecoveryCodes | None:
    codes = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return RecoveryCodes(codes) if codes else None


def how_many_left(codes: RecoveryCodes) -> int:
    """Without reading one of them."""
    return settings.MFA_RECOVERY_CODE_COUNT - codes.instance.data["used_mask"].bit_count()


def show_once(request) -> None:
    """From now on, to this session alone."""
    codes = codes_of(request.user)
    if codes and not codes.did_view:
        request.session[TO_KEEP] = [codes.instance.pk, time.time() + SHOWN_FOR]


def to_keep(request, codes: RecoveryCodes) -> list[str]:
    """The codes that this session may still show; none where they were kept, made elsewhere, or shown long enough."""
    which, until = request.session.get(TO_KEEP, (None, 0))
    is_shown = which == codes.instance.pk and time.time() < until and not codes.did_view
    return codes.get_unused_codes() if is_shown else []


@transaction.atomic
def keep(request, codes: RecoveryCodes) -> None:
    """The person has them: no page shows them any more. Nothing that a sign-in marks meanwhile is lost."""
    request.session.pop(TO_KEEP, None)
    locked = Authenticator.objects.select_for_update().filter(pk=codes.instance.pk).first()
    if locked:
        RecoveryCodes(locked).mark_as_viewed()
