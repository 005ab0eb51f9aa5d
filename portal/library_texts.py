"""Texts of Django and django-allauth that this portal's catalogs translate in place of the libraries' own.

Their catalogs lack them, or address people unlike the rest of the portal: informally in German, formally in
Chinese, which they also set with spaces. Nothing reads this list but `make messages`; the portal's catalogs come
before those of the libraries.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

TEXTS = (
    # django-allauth: sign-in and passwords
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("This account is currently inactive."),
    gettext_noop("Please type your current password."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("Password successfully changed."),
    # Django: passwords and the staff's pages
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        0,
    ),
    gettext_noop("Null characters are not allowed."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Save and add another"),
    gettext_noop("Save and continue editing"),
    gettext_noop("Save and view"),
    gettext_noop("Add %(name)s"),
    gettext_noop(":"),
    gettext_noop(":?.!"),
    gettext_noop("Add %s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
)
