"""What a partner's client says of a delegatedAdminRelationship."""

from portal.graph import bodies, durations


class Role(bodies.Body):
    roleDefinitionId: str


class Access(bodies.Body):
    unifiedRoles: list[Role]


class Customer(bodies.Body):
    """By the ID of an organization that is a customer already, or by its address in the portal."""

    tenantId: str
    displayName: str | None = None


class New(bodies.Body):
    displayName: str
    duration: str
    customer: Customer
    accessDetails: Access
    autoExtendDuration: str = durations.NEVER
    terms: str = ""


class Change(bodies.Body):
    """What is left out stays as it is."""

    displayName: str = ""
    duration: str = ""
    accessDetails: Access | None = None
    autoExtendDuration: str = durations.NEVER
    terms: str = ""
