"""What a role may do, in words: the table of roles said once, with nothing left out."""

import pytest

from subscriptions.access import IN_AN_ORGANIZATION, IN_THE_WORKSPACE
from subscriptions.may_words import IN_AN_ORGANIZATION as SAID_HERE
from subscriptions.may_words import IN_THE_WORKSPACE as SAID_THERE
from subscriptions.may_words import words_of_agent, words_of_role
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.membership import Role


@pytest.mark.parametrize(("said", "all_of_them"), [(SAID_HERE, IN_AN_ORGANIZATION), (SAID_THERE, IN_THE_WORKSPACE)])
def test_every_permission_is_said_in_one_sentence(said, all_of_them):
    named = [permission for needed in said.values() for permission in needed]
    assert sorted(named, key=str) == sorted(all_of_them, key=str)


@pytest.mark.parametrize(
    ("of", "roles", "said"), [(words_of_role, Role, SAID_HERE), (words_of_agent, AgentRole, SAID_THERE)]
)
def test_no_role_has_half_of_a_sentence(of, roles, said):
    for role in roles:
        words = of(role)
        assert {str(sentence) for sentence in said} <= {*words.may, *words.may_not}
