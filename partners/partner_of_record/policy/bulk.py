"""Bring in line: each chosen subscription gets the default partner that the policy has for it."""

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models.partner_of_record import Source
from partners.partner_of_record.bulk import NONE, OfPartner
from partners.partner_of_record.policy.reads import exemptions_in_force
from subscriptions.bulk.kinds import Value, entered
from subscriptions.bulk.outcomes import NOTHING_TO_DO, OUTCOMES, Outcome
from subscriptions.models import Subscription

NO_DEFAULT, EXEMPT = "no-default", "exempt"
OUTCOMES.update(
    {
        NO_DEFAULT: Outcome(
            gettext_lazy("The policy has no default partner for these"),
            gettext_lazy("Set one under Partner policy, or name a partner on these."),
        ),
        EXEMPT: Outcome(gettext_lazy("Exempted from the policy"), NOTHING_TO_DO),
    }
)


@entered
class BringInLine(OfPartner):
    code = "partner-of-record.policy"
    label = gettext_lazy("Bring in line with the policy")
    icon = "checkmark"
    place = 8
    fixed: ClassVar[Value] = {}
    source = Source.POLICY

    @cached_property
    def _exempt(self) -> frozenset[int]:
        return frozenset(exemptions_in_force(self.tenant).values_list("subscription", flat=True))

    def rows(self, found: QuerySet[Subscription]) -> Any:
        return super().rows(found).select_related("product__family")

    def after(self, subscription: Subscription, wanted: Value) -> Value:
        default = self.policy.default_for(subscription.product)
        return {"id": default.partner.number, "name": default.partner.name} if default else NONE

    def hinders(self, subscription: Subscription, after: Value) -> str:
        if subscription.pk in self._exempt:
            return EXEMPT
        if not after["id"] and not self.is_undo:
            return NO_DEFAULT
        return super().hinders(subscription, after)

    @classmethod
    def title(cls, wanted: Value) -> str:
        return _("Bring in line with the policy")
