"""`manage.py demo_token` makes an application in the demo and tells its token, so that a client can be tried at once.

Elsewhere a person makes one on its page; here the data are nobody's.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models.functions import Now

from partners.models import Partner
from portal.database.logins import as_owner
from portal.demo.database import require_demo
from subscriptions.applications.tokens import hash_of, hint_of, new_token
from subscriptions.models import Application, ApplicationToken, Tenant
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.application import LONGEST_TOKEN, ApplicationScope
from subscriptions.models.people.membership import Role

BY = "Demo"


class Command(BaseCommand):
    help = "Make an application in the demo, and print its token."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--organization", help="Its address in the portal, such as contoso.")
        whose.add_argument("--partner", help="Its ID, such as 565380.")
        parser.add_argument("--name", default="Demo", help="Of the application; an earlier one of that name goes.")
        parser.add_argument("scopes", nargs="*", help="All that there are, where none is named.")

    def handle(self, *args: Any, **options: Any) -> None:
        require_demo()
        if unknown := sorted(set(options["scopes"]) - set(ApplicationScope.values)):
            raise CommandError(f"There is no scope {', '.join(unknown)}: {', '.join(ApplicationScope.values)}.")
        with as_owner():
            self.stdout.write(self._token(options))

    def _token(self, options: dict[str, Any]) -> str:
        owner = self._owner(options)
        named = {"tenant": None, "partner": None, **owner, "name": options["name"]}
        Application.objects.filter(**{k: v for k, v in named.items() if v is not None}).delete()
        role = AgentRole.ADMIN_AGENT if "partner" in owner else Role.BILLING_ADMIN
        scopes = options["scopes"] or ApplicationScope.values
        application = Application.objects.create(**named, role=role, scopes=scopes, made_by=BY)
        token = new_token()
        ApplicationToken.objects.create(
            application=application,
            hash=hash_of(token),
            hint=hint_of(token),
            made_by=BY,
            expires_on=Now() + LONGEST_TOKEN,
        )
        return token

    def _owner(self, options: dict[str, Any]) -> dict[str, Any]:
        try:
            if options["partner"]:
                return {"partner": Partner.objects.get(number=options["partner"])}
            return {"tenant": Tenant.objects.get(slug=options["organization"])}
        except (Partner.DoesNotExist, Tenant.DoesNotExist) as error:
            raise CommandError("The demo has nobody of that name.") from error
