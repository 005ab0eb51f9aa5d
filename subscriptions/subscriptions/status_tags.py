"""How the tag of each state of a subscription looks, on every page."""

from subscriptions.models.subscription import SubscriptionStatus

STATUS_TAGS = {
    SubscriptionStatus.TRIAL: "info",
    SubscriptionStatus.ACTIVE: "ok",
    SubscriptionStatus.EXPIRED: "warn",
    SubscriptionStatus.DISABLED: "bad",
    SubscriptionStatus.DELETED: "neutral",
}
