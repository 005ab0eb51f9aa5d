"""An organization's endpoint whose receiver is a real server on this machine."""

from collections.abc import Iterator

import pytest

from subscriptions.models import WebhookEndpoint
from tests.factories import make_webhook
from tests.subscriptions.webhooks import facts as receivers
from tests.subscriptions.webhooks.facts import Receiver

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with receivers.receiver() as told:
        yield told


make_endpoint = make_webhook


@pytest.fixture
def endpoint(alpha, receiver) -> WebhookEndpoint:
    return make_endpoint(tenant=alpha, url=receiver.url)
