"""What staff type at the page of a partner's offers."""

MODEL = "partners_partneroffer"


def lines(*chosen: tuple) -> dict:
    """Product, number of licenses and billing frequency of each line."""
    return {
        f"line-{number}-{name}": value
        for number, line in enumerate(chosen)
        for name, value in zip(("product", "licenses", "billing_frequency"), line, strict=False)
    }


def wanted(world, **fields) -> dict:
    """What staff type for a new draft."""
    usual = {"name": "A year", "roles": ["global-reader"], "days": 365, "terms": "Terms <script>x</script>"}
    usual |= {"credit": "nothing", "purchase": "none", "reason": "Asked by phone"}
    return {"tenant": world.tenant.pk, "partner": world.partner.pk, **usual, **fields}
