"""The table of the clouds, as the design has it. A fourth cloud is one more column."""

import pytest

from subscriptions.clouds import PROFILES, Capability, Cloud, CloudStatus, Finder, PaymentMethod

COLUMNS = (Cloud.WORLDWIDE, Cloud.GERMANY, Cloud.OPERATED_BY_21VIANET)
CAPABILITIES = {
    #                                       worldwide germany 21vianet
    Capability.NAME_PARTNER_AT_PURCHASE: (True, True, False),
    Capability.FIND_PARTNER: (True, True, False),
    Capability.ADD_PARTNER_OF_RECORD: (True, True, False),
    Capability.RECEIVE_PARTNER_OFFERS: (False, False, True),
    Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS: (True, True, True),
    Capability.EDIT_PARTNER_OF_RECORD: (True, True, True),
    Capability.VIEW_PARTNER_RELATIONSHIPS: (True, True, True),
    Capability.END_RESELLER_RELATIONSHIP: (False, False, False),
}
FACTS = {
    "operator": ("Microsoft", "Microsoft", "21Vianet"),
    "partner_id_label": ("Microsoft Partner ID", "Microsoft Partner ID", "Partner ID"),
    "currency": ("USD", "EUR", "CNY"),
    "default_language": ("en", "de", "zh-hans"),
    "payment_methods": (
        (PaymentMethod.CARD, PaymentMethod.INVOICE),
        (PaymentMethod.INVOICE,),
        (PaymentMethod.FAPIAO_INVOICE,),
    ),
    "default_status": (CloudStatus.OPEN, CloudStatus.CLOSING, CloudStatus.OPEN),
    "finder": (Finder.OWN, Finder.OWN, None),
    "find_partner_url": ("https://pinpoint.microsoft.com", "https://pinpoint.microsoft.com", None),
    "reseller_exit_url": ("https://go.microsoft.com/fwlink/p/?linkid=870519",) * 3,
}


def test_every_cloud_has_a_column_and_every_capability_a_row():
    assert set(COLUMNS) == set(Cloud)
    assert set(CAPABILITIES) == set(Capability)


def test_the_stored_values_are_the_monikers_of_the_source():
    assert Cloud.values == ["o365-worldwide", "o365-germany", "o365-21vianet"]


@pytest.mark.parametrize("capability", Capability)
def test_what_a_cloud_offers(capability):
    assert tuple(PROFILES[cloud].allows(capability) for cloud in COLUMNS) == CAPABILITIES[capability]


@pytest.mark.parametrize("fact", FACTS)
def test_what_differs(fact):
    assert tuple(getattr(PROFILES[cloud], fact) for cloud in COLUMNS) == FACTS[fact]


def test_no_cloud_speaks_of_another_ones_operator():
    for cloud in COLUMNS:
        profile = PROFILES[cloud]
        text = " ".join(map(str, [profile.help_title, *profile.help_paragraphs, profile.no_partner_next_step]))
        others = {str(other.operator) for other in PROFILES.values()} - {str(profile.operator)}
        assert [operator for operator in others if operator in text] == []
