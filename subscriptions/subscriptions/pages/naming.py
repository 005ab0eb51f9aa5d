"""Name and cost center of a subscription, which its organization gives it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import rules as subscription_verdicts
from subscriptions.subscriptions.forms import NamesForm
from subscriptions.subscriptions.pages.act_page import SubscriptionAct
from subscriptions.web.acts import Facts


class Names(SubscriptionAct):
    name = "subscriptions:names"
    title = gettext_lazy("Name and cost center")
    button = gettext_lazy("Save")
    form_class = NamesForm
    rule = staticmethod(subscription_verdicts.may_name)

    def initial(self):
        return {"own_name": self.subscription.own_name, "cost_center": self.subscription.cost_center}

    def facts(self) -> Facts:
        return [
            (_("Product"), self.subscription.product.name),
            (_("Subscription ID"), str(self.subscription.uuid)),
        ]

    def facts_now(self) -> Facts:
        row = self.subscription
        own = [(_("Own name"), row.own_name or formats.DASH), (_("Cost center"), row.cost_center or formats.DASH)]
        return [*own, *super().facts_now()]

    def sentences(self):
        return [
            _("Your organization's people see and search both, and so do partners with roles in your organization."),
            _("The partner of record sees neither."),
        ]

    def change(self, wanted):
        names = {field: wanted[field] for field in ("own_name", "cost_center")}
        return subscription_acts.name_subscription(**self.common(wanted), **names)

    def done(self, row):
        said = {"subscription": row.full_name, "cost_center": row.cost_center}
        if row.own_name != self.subscription.own_name:
            return _("It now stands in your lists as %(subscription)s.") % said
        if row.cost_center:
            return _("The cost center of %(subscription)s is now %(cost_center)s.") % said
        return _("%(subscription)s no longer has a cost center.") % said
