"""Staff at the page of a partner's offers: a page that shows them, then the act."""

from tests.desk import act, list_url

MODEL = "partners_partneroffer"


def page_of(desk, action: str, *rows):
    """The page of an act, which shows the chosen offers."""
    return desk.post(list_url(MODEL), {"action": action, "_selected_action": [row.pk for row in rows]})


def act_as_seen(desk, action: str, *rows, **wanted):
    """Opens the page of the act and sends it."""
    form = page_of(desk, action, *rows).context["form"]
    return act(desk, MODEL, action, *rows, seen=form["seen"].value(), **wanted)


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
