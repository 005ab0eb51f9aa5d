"""How long a password may be: what is longer is refused before anything is computed from it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_CHARACTERS_OF_PASSWORD = 128
TOO_LONG = "password_too_long"


class MaximumLengthValidator:
    def validate(self, password, user=None) -> None:
        if len(password) > MOST_CHARACTERS_OF_PASSWORD:
            raise ValidationError(
                _("A password has at most %(most)s characters; this one has %(number)s.")
                % {"most": MOST_CHARACTERS_OF_PASSWORD, "number": len(password)},
                code=TOO_LONG,
            )

    def get_help_text(self) -> str:
        return _("Your password has at most %(most)s characters.") % {"most": MOST_CHARACTERS_OF_PASSWORD}


require_bounded = MaximumLengthValidator().validate


class BoundedPasswordMixin:
    """The answer to a password that is too long says so by its status too."""

    def form_invalid(self, form):
        response = super().form_invalid(form)  # type: ignore[misc]
        if any(error.code == TOO_LONG for errors in form.errors.as_data().values() for error in errors):
            response.status_code = 422
        return response
