"""What asks for a recent sign-in."""

from enum import Enum

from django.conf import settings


class Decision(Enum):
    """What asks for a sign-in that is recent enough: the setting says how old it may be, in seconds."""

    ACCEPT_OFFER = ("accept-offer", "STEP_UP_SECONDS")
    EXTEND_ACCESS = ("extend-access", "STEP_UP_SECONDS")
    CHANGE_MEMBERS = ("change-members", "STEP_UP_SECONDS")
    CHANGE_PROFILE = ("change-profile", "STEP_UP_SECONDS")
    SWITCH_SECOND_PERSON = ("switch-second-person", "STEP_UP_SECONDS")
    KEEP_WEBHOOKS = ("keep-webhooks", "STEP_UP_SECONDS")
    KEEP_APPLICATIONS = ("keep-applications", "STEP_UP_SECONDS")
    KEEP_POLICY = ("keep-policy", "STEP_UP_SECONDS")
    CREDIT_PARTNER = ("credit-partner", "CREDIT_STEP_UP_SECONDS")

    @property
    def seconds(self) -> int:
        return getattr(settings, self.value[1])

    @property
    def minutes(self) -> int:
        return self.seconds // 60


class SignInTooOld(Exception):
    """Who decides this has to prove once more to be the person that signed in."""
