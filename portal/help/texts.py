"""What each page is, in a sentence or two: one table by the names of addresses."""

from dataclasses import dataclass

from django.urls import ResolverMatch
from django.utils.translation import gettext_lazy as _

from subscriptions.clouds import Text


@dataclass(frozen=True, eq=False)
class About:
    title: Text
    text: Text


PORTAL = About(
    _("This portal"),
    _("Here organizations see what they have bought, and which partner is credited for it: its partner of record."),
)
ACT = About(
    _("This form"),
    _("It does one thing, which its button names. Nothing is done before you press it, and you can leave it."),
)
ACCOUNT = About(
    _("My account"),
    _("Your language, time zone and theme, and how you sign in. It is about you alone, in whatever organization."),
)
APPROVAL = About(
    _("Approvals"),
    _(
        "Changes of a partner of record that wait for a second person, where your organization asks for one. Who "
        "asked for a change can withdraw it; another Global or Billing admin approves or refuses it."
    ),
)
CHECK_OUT = About(
    _("Check out"),
    _(
        "Your order in steps: products, partner, payment. You can go back, and come back later: it stays a draft. "
        "Nothing is bought before you select Place order."
    ),
)
PARTNER_OF_RECORD = About(
    _("Partner of record"),
    _(
        "Names the partner that is credited for this subscription, by its ID, which you get from the partner. "
        "It costs nothing and gives the partner no access. Check ID shows whose ID it is before anything changes."
    ),
)
RELATIONSHIP = About(
    _("Partner relationship"),
    _(
        "One partner and your organization: what its people may do here, until when, who acted last, and what you "
        "can change about it."
    ),
)
OFFER = About(
    _("Offer of a partner"),
    _(
        "A partner asks for roles or credit. Nothing is granted before a Global admin says Yes. After Yes as well as "
        "after No you can create what came with it."
    ),
)
MATCH = About(
    _("Your match requests"),
    _("Whom your organization asked for a partner's help, and what became of it. Staff pass the answers on to you."),
)
RELEASES = About(
    _("Release requests"),
    _("Customers that ask you to remove the reseller relationship, with the day by which they wait for your answer."),
)
OFFERS = About(
    _("Offers"),
    _("What you ask customers for: roles for some days, credit, a purchase. A customer answers by the emailed link."),
)
CREDITS = About(
    _("Partner of record"),
    _("The subscriptions of your customers that name you partner of record, and how that changed by month."),
)

ACROSS = About(
    _("Changes over several organizations"),
    _("What you changed in several organizations at once, with the way to the receipt of each."),
)

PAGES: dict[str, About] = {
    "home": PORTAL,
    "account": ACCOUNT,
    "account_change_password": ACCOUNT,
    "mfa_activate_totp": ACCOUNT,
    "mfa_deactivate_totp": ACCOUNT,
    "mfa_view_recovery_codes": ACCOUNT,
    "mfa_generate_recovery_codes": ACCOUNT,
    "organizations": About(
        _("All organizations"),
        _(
            "Everything that the organizations you are a member of have bought or try, in one list. Choose rows to "
            "name or delete the partner of record in several of them at once; each keeps its own rules and history."
        ),
    ),
    "several-list": ACROSS,
    "several": ACROSS,
    "admin-home": About(_("Home"), _("Your organization at a glance, with the ways on to what you may see and do.")),
    "subscriptions:list": About(
        _("Subscriptions"),
        _(
            "Everything that your organization has bought or tries, and which partner is credited on each: its "
            "partner of record. Select a name to see or change it."
        ),
    ),
    "subscriptions:detail": About(
        _("Subscription"),
        _(
            "One subscription: licenses, cost, how it goes on, and its partner of record now and before. Change it "
            "under More actions."
        ),
    ),
    "partners:policy": About(
        _("Partner policy"),
        _(
            "Which partner new subscriptions get, which partners may be named at all, and which subscriptions "
            "differ. A Global admin keeps it."
        ),
    ),
    "partners:scheduled-list": About(
        _("Scheduled changes"),
        _(
            "Partners of record that change on a day to come, and changes that could not be applied. "
            "You schedule one where you edit the partner of record."
        ),
    ),
    "subscriptions:approval-list": APPROVAL,
    "subscriptions:approval": APPROVAL,
    "subscriptions:views": About(
        _("Saved views"),
        _("Filters of lists that you have given a name. You save one from the menu Views of a list."),
    ),
    "subscriptions:purchase-services": About(
        _("Purchase services"),
        _("What can be bought or tried here. Buy now puts a product into your order, which you place later."),
    ),
    "subscriptions:order-list": About(_("Orders"), _("What was ordered, by whom and when, with its state.")),
    "subscriptions:order-detail": About(_("Order"), _("What this order holds, what it cost, and its partner.")),
    "subscriptions:members": About(
        _("Members"),
        _("Who belongs to your organization and with which role. A Global admin can send a link for a new password."),
    ),
    "subscriptions:audit-log": About(
        _("Audit log"), _("Who changed what, and when. Nothing in it is ever changed or deleted.")
    ),
    "partners:partner-of-record-edit": PARTNER_OF_RECORD,
    "partners:find-partner": About(
        _("Find a partner"),
        _("Partners that are authorized in your country. Use an ID that you find here, or ask to be matched."),
    ),
    "partners:match-request-new": MATCH,
    "partners:match-request-list": MATCH,
    "partners:relationship-list": About(
        _("Partner Relationships"),
        _("The partners that work with your organization, what each may see and do, and how that ends."),
    ),
    "partners:relationship-detail": RELATIONSHIP,
    "partners:partner-detail": RELATIONSHIP,
    "partners:offer": OFFER,
    "offer-open": OFFER,
    "from-offer:create": OFFER,
    "checkout:products": CHECK_OUT,
    "checkout:review": CHECK_OUT,
    "checkout:payment": CHECK_OUT,
    "checkout:confirmation": CHECK_OUT,
    "workspace:home": About(
        _("Home of the workspace"),
        _("What your company gained and lost, what waits for your answer and what ends soon, each with its list."),
    ),
    "workspace:match-requests": About(
        _("Match requests"),
        _("Organizations that found your company and ask for help. Staff pass your answers on to them."),
    ),
    "workspace:company": About(
        _("Company"), _("The IDs of your company that you work for: customers, credits and their worth, and in all.")
    ),
    "workspace:customers": About(
        _("Customers"), _("The organizations that you work with, and what each of them lets your people do.")
    ),
    "workspace:customer": About(
        _("Customer"), _("One organization: your roles there until when, what you are credited for, and offers.")
    ),
    "workspace:mails": About(
        _("Mails"), _("Mails to your company mailbox that did not arrive, and what the mail server said.")
    ),
    "workspace:partner-of-record": CREDITS,
    "workspace:credit-changes": CREDITS,
    "workspace:offer-list": OFFERS,
    "workspace:offer-detail": OFFERS,
    "workspace:template-list": OFFERS,
    "workspace:offer-rounds": OFFERS,
    "workspace:release-requests": RELEASES,
    "workspace:release-request": RELEASES,
}


def about(match: ResolverMatch | None) -> About:
    """Of the page at an address; an act that stands in no line is a form of its own."""
    if match is None:
        return PORTAL
    return PAGES.get(match.view_name) or (ACT if hasattr(match.func, "act") else PORTAL)
