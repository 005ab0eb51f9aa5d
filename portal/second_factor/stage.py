"""Between password and code: what the password has proven ends with that password, as sessions do."""

from allauth.mfa.stages import AuthenticateStage
from django.utils.crypto import constant_time_compare


class CodeStage(AuthenticateStage):
    def handle(self) -> tuple:
        if self.login.user:
            self.state["proven"] = self.login.user.get_session_auth_hash()
        return super().handle()

    def still_stands(self) -> bool:
        user = self.login.user
        return user.is_active and constant_time_compare(self.state.get("proven", ""), user.get_session_auth_hash())
