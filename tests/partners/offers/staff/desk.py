"""What staff type at the page of a partner's offers."""

MODEL = "partners_partneroffer"


def lines(*chosen: tuple) -> dict:
    """What is sent for products that are ticked: each with number of licenses and billing frequency."""
    return {
        "products": [str(product) for product, *_more in chosen],
        **{
            f"{name}-{product}": value
            for product, *more in chosen
            for name, value in zip(("licenses", "frequency"), more, strict=False)
        },
    }


def wanted(world, **fields) -> dict:
    """What staff type for a new draft."""
    usual = {"name": "A year", "roles": ["global-reader"], "days": 365, "terms": "Terms <script>x</script>"}
    usual |= {"credit": "nothing", "purchase": "none", "reason": "Asked by phone"}
    return {"tenant": world.tenant.pk, "partner": world.partner.pk, **usual, **fields}
