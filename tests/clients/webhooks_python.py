"""standardwebhooks for Python reads what the portal's webhook sent: the signature first, then the event."""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.clients.place import say


def main() -> None:
    told = json.load(sys.stdin)
    hook = Webhook(told["secret"])
    event = hook.verify(told["body"].encode(), told["headers"])
    say("verify", f"{event['type']} {event['id']}")
    try:
        hook.verify(told["body"].encode() + b" ", told["headers"])
    except WebhookVerificationError as error:
        say("one byte more", error)
    else:
        raise AssertionError("A changed body was taken.")


if __name__ == "__main__":
    main()
