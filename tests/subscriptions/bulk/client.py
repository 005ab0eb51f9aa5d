"""Changes on many as a browser without script sends them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from subscriptions.models import BulkAct
from tests.database import as_owner
from tests.subscriptions.bulk.facts import work_off


def url(name: str, act: BulkAct | None = None) -> str:
    return reverse(f"subscriptions:bulk-{name}".removesuffix("-detail"), args=["alpha", *([act.uuid] if act else [])])


@as_owner()
def newest() -> BulkAct:
    return BulkAct.objects.select_related("tenant").latest("pk")


def choose(client: Client, *rows: Any, kind: str, **fields: Any):
    return client.post(url("choose"), {"kind": kind, "list": "", "pick": [str(row.uuid) for row in rows], **fields})


def preview(client: Client) -> str:
    return client.get(url("preview", newest())).content.decode()


def decide(client: Client) -> BulkAct:
    """The newest preview, decided and worked off."""
    form = client.get(url("preview", newest())).context["form"]
    answer = client.post(url("preview", newest()), {name: str(form[name].value()) for name in ("key", "version")})
    assert (answer.status_code, answer["Location"]) == (303, url("detail", newest()))
    return work_off(newest())


def undo(client: Client) -> BulkAct:
    form = client.get(url("detail", newest())).context["undo"].form()
    client.post(url("undo", newest()), {"key": str(form["key"].value())})
    return decide(client)
