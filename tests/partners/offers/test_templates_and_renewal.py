"""A partner's offers once more: a copy, a template, and what is asked again before it ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.delegation import partners_person
from partners.models import OfferTemplate, PartnerOffer
from partners.offers import templates
from partners.offers.reads import OfferFacts
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import AuditEvent
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import (
    make_offer_template,
    make_partner,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_sold_product,
    make_subscription,
    make_tenant,
)
from tests.page import Page
from tests.partners.client import get, rows_of

NOW = timezone.now()
ANSWERED = {"state": "accepted", "decided_at": NOW, "decided_by": "Ada", "decided_terms": "0" * 64}
ROLES = ["helpdesk-administrator", "global-reader"]


@as_owner()
def drafts() -> list[PartnerOffer]:
    return list(PartnerOffer.objects.filter(state="draft").order_by("name").select_related("tenant"))


def posted(client, response, **typed):
    """The page's form, sent with what is typed."""
    form = response.context["form"]
    hidden = {name: form[name].value() for name in ("key", "seal") if name in form.fields}
    return client.post(response.request["PATH_INFO"], hidden | typed)


def test_a_copy_says_the_same_under_a_free_name_and_names_no_subscription_of_another(agent, partner, alpha):
    mine = make_subscription(tenant=alpha)
    terms = "<p>Our terms</p>"
    offer = make_partner_offer(
        tenant=alpha, partner=partner, name="Care", roles=ROLES, days=90, terms=terms, credit="named",
        subscriptions=[mine], kind="full",
    )  # fmt: skip
    make_partner_offer(tenant=alpha, partner=partner, name="Care (2)")
    find = agent.get(Page(get(agent, "offer-detail", offer.uuid)).link("Copy this offer"))
    assert find.context["form"].initial["organization"] == "alpha"
    beta = make_tenant(slug="beta-two", name="Beta Two")
    for slug, named in (("alpha", str(mine.uuid)), (beta.slug, "")):
        written = agent.get(posted(agent, find, organization=slug, like=str(offer.uuid)).url)
        initial = written.context["form"].initial
        assert (initial["name"], initial["roles"], initial["days"], initial["terms"]) == (
            "Care (3)",
            ROLES,
            90,
            terms,
        )
        assert initial.get("subscriptions", "") + "".join(initial.get("known", [])) == named
    assert "known" not in agent.get(f"{written.request['PATH_INFO']}?like={alpha.uuid}").context["form"].initial


def test_a_template_is_kept_used_and_deleted_by_its_own_partner_alone(agent, partner, alpha, sign_in):
    product = make_sold_product(name="Office 365 E5")
    offer = make_partner_offer(
        tenant=alpha, partner=partner, name="Care", roles=ROLES, purchase="purchase", kind="full", products=[product]
    )
    page = get(agent, "offer-keep", offer.uuid)
    assert posted(agent, page, name="Care").url == "/p/565380/offers/templates/"
    again = posted(agent, get(agent, "offer-keep", offer.uuid), name="Care")
    assert (again.status_code, "You have a template of that name already." in again.content.decode()) == (422, True)
    (row,) = rows_of(get(agent, "template-list"))
    assert row.startswith("Care Delegated administration: 2 roles, 365 days A purchase")
    with as_owner():
        template = OfferTemplate.objects.get()
        assert AuditEvent.objects.count() == 0
    assert (template.facts["lines"][0]["product"], template.facts["subscriptions"]) == (str(product.uuid), [])
    another = make_partner(number="935287")
    other = sign_in(make_partner_person(partner=another, email="other@a.example", name="Olga"))
    assert get(other, "template-delete", template.uuid, number="935287").status_code == 404
    assert "Care" not in get(other, "template-list", number="935287").content.decode()
    with scopes.partner(another.pk):
        assert not OfferTemplate.objects.exists()
    find = agent.get(Page(get(agent, "template-list")).link("New offer – Care"))
    written = agent.get(posted(agent, find, organization="alpha", like=str(template.uuid)).url)
    assert written.context["form"].initial["name"] == "Care (2)"
    assert posted(agent, get(agent, "template-delete", template.uuid)).status_code == 303
    with as_owner():
        assert (OfferTemplate.objects.count(), PartnerOffer.objects.count()) == (0, 1)


def test_a_template_is_edited_in_place_and_what_was_made_of_it_stays(agent, partner, sign_in):
    """In the one cloud with products to buy, in another one roles alone."""
    roles_only = make_offer_template(partner=partner, name="Roles")
    assert "credit" not in get(agent, "template-edit", roles_only.uuid).context["form"].fields
    cloud = Cloud.OPERATED_BY_21VIANET
    seller = make_partner(number="880021", cloud=cloud, country="CN")
    person = sign_in(make_partner_person(partner=seller, email="a@yun.example", name="Yun"))
    product = make_sold_product(name="Office 365 E5", cloud=cloud, sku="c-5")
    template, _other = (make_offer_template(partner=seller, name=name) for name in ("Care", "Other"))
    made = make_partner_offer(tenant=make_tenant(slug="lan", cloud=cloud), partner=seller, name="Care (2)")
    page = get(person, "template-edit", template.uuid, number="880021")
    form = page.context["form"]
    assert ("subscriptions" in form.fields, "named" in dict(form.fields["credit"].choices)) == (False, False)
    typed = {
        "version": str(form["version"].value()), "name": "Care and more", "roles": ROLES, "days": "90",
        "terms": "<p>Ours</p><script>x</script>", "credit": "nothing", "purchase": "purchase",
        "products": [str(product.uuid)], f"licenses-{product.uuid}": "7", f"frequency-{product.uuid}": "annual",
    }  # fmt: skip
    for wrong in ({"name": ""}, {"name": "Other"}, {"days": "731"}, {"terms": ""}, {"credit": "named"}):
        assert posted(person, page, **typed | wrong).status_code == 422, wrong
    assert posted(person, page, **typed).url == "/p/880021/offers/templates/"
    with as_owner():
        kept = OfferTemplate.objects.get(pk=template.pk)
        assert (AuditEvent.objects.count(), PartnerOffer.objects.get(pk=made.pk).name) == (0, "Care (2)")
    assert (kept.name, kept.kept_by, kept.facts["days"], kept.facts["lines"][0]["licenses"]) == (
        "Care and more", "Yun", 90, 7,
    )  # fmt: skip
    assert "script" not in kept.facts["terms"]
    late = get(person, "template-edit", template.uuid, number="880021")
    assert posted(person, late, **typed | {"name": "Late"}).status_code == 409
    assert get(agent, "template-edit", template.uuid).status_code == 404


def test_there_are_so_many_templates_and_no_more(agent, partner, monkeypatch):
    monkeypatch.setattr(templates, "MOST_TEMPLATES", 1)
    make_offer_template(partner=partner)
    person = make_partner_person(partner=partner, email="b@tailspin.example", name="Bert", role=AgentRole.SALES_AGENT)
    from_offer = make_partner_offer(tenant=make_tenant(), partner=partner)
    assert get(agent, "offer-keep", from_offer.uuid).status_code == 409
    facts, by = OfferFacts(name="B", terms="T"), partners_person(person, partner, agent_role=AgentRole.SALES_AGENT)
    with scopes.partner(partner.pk), pytest.raises(Refused):
        templates.keep(partner=partner, name="B", facts=facts, by=by)


def test_what_ends_soon_becomes_drafts_with_its_roles_days_and_terms(agent, partner, alpha, beta):
    days = {"started_at": NOW - timedelta(days=345), "expires_on": NOW + timedelta(days=20)}
    made = {}
    for tenant in (alpha, beta):
        made[tenant] = make_relationship(tenant=tenant, partner=partner, roles=ROLES, **days)
        make_partner_offer(
            tenant=tenant, partner=partner, name=f"Care of {tenant.slug}", terms=f"<p>{tenant.slug}</p>",
            relationship=made[tenant], purchase="trial", kind="full", products=[make_sold_product()], **ANSWERED,
        )  # fmt: skip
    unknown = make_relationship(tenant=make_tenant(slug="third", name="Third"), partner=partner, **days)
    make_relationship(
        tenant=make_tenant(slug="later", name="Later"), partner=partner, expires_on=NOW + timedelta(days=99)
    )
    page = get(agent, "offer-renew")
    assert [row.split()[-1] for row in rows_of(page)] == ["alpha", "beta", "terms"]
    assert posted(agent, page, relationships=[str(unknown.uuid)]).status_code == 422
    done = posted(agent, page, relationships=[str(each.uuid) for each in made.values()])
    assert done.url == "/p/565380/offers/?state=draft"
    assert [(each.name, each.tenant, each.roles, each.days, each.purchase) for each in drafts()] == [
        (f"Care of {tenant.slug} (2)", tenant, sorted(ROLES, reverse=True), 365, "none") for tenant in (alpha, beta)
    ]
    assert [row.split()[-1] for row in rows_of(get(agent, "offer-renew"))] == ["terms"]
    prefilled = agent.get(Page(get(agent, "offer-renew")).link("It came of no offer: write its terms"))
    assert prefilled.context["form"].initial["roles"] == ["helpdesk-administrator"]


def test_one_that_cannot_be_drafted_is_told_and_the_others_are(agent, partner, alpha, beta, monkeypatch):
    for tenant in (alpha, beta):
        ending = make_relationship(tenant=tenant, partner=partner, expires_on=NOW + timedelta(days=20))
        terms = "<p></p>" if tenant is alpha else "<p>Terms</p>"
        make_partner_offer(
            tenant=tenant, partner=partner, name=f"Care {tenant.slug}", terms=terms, relationship=ending, **ANSWERED
        )
    page = get(agent, "offer-renew")
    with as_owner():
        everyone = [str(row.relationship.uuid) for row in page.context["table"].rows]
    done = agent.get(posted(agent, page, relationships=everyone).url)
    told = done.content.decode()
    assert "No draft for Alpha Ltd: Write the terms that the organization agrees to." in told
    assert "1 draft is made." in told and [each.tenant for each in drafts()] == [beta]
