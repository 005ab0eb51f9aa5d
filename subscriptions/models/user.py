import zoneinfo
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.base.constraints import one_of
from subscriptions.base.names import NameField, SortKeyField
from subscriptions.base.typed import MailboxField
from subscriptions.models.people.staff_role import StaffRole


class Theme(models.TextChoices):
    SYSTEM = "system", _("Same as device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class MailPace(models.TextChoices):
    """When a person gets mails that can wait; what is about safety never waits."""

    AT_ONCE = "at-once", _("At once")
    DAILY = "daily", _("Once a day, at 08:00")


@cache
def known_time_zones() -> frozenset[str]:
    """Kept, because looking for them reads hundreds of files."""
    return frozenset(zoneinfo.available_timezones())


def validate_time_zone(value: str) -> None:
    if value not in known_time_zones():
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value}, code="time_zone")


class UserAccounts(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person's account. The only place that holds a person's mail address."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = MailboxField(_("email address"), unique=True)
    name = NameField(pgettext_lazy("person", "name"))
    name_key = SortKeyField()
    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[validate_time_zone])
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    mails = models.CharField(_("mails"), max_length=10, choices=MailPace, default=MailPace.AT_ONCE)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Changes where all sessions but one are to end
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    erased = models.DateTimeField(_("erased"), null=True, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            one_of("theme", Theme, name="user_theme_known"),
            one_of("mails", MailPace, name="user_mails_known"),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="user_by_name"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="user_by_words"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def staff_roles(self) -> frozenset[StaffRole]:
        """Of the operator's staff alone. Needs the staff's scope."""
        if not self.is_staff:
            return frozenset()
        names = self.groups.filter(name__in=StaffRole.values).values_list("name", flat=True)
        return frozenset(map(StaffRole, names))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session of today has to match: like Django's own, with the generation."""
        proven = f"{self.password}{self.session_generation}"
        return salted_hmac("subscriptions.user.session", proven, secret=secret, algorithm="sha256").hexdigest()
