"""A program sets a webhook up by the API: what comes is verified by standardwebhooks, and read by cloudevents.

The last of it is left as it came in received.json, for the library in JavaScript.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks import Webhook, WebhookVerificationError

from tests.clients.place import Place, read, say

Got = tuple[dict[str, str], bytes]
GOT: list[Got] = []
SECONDS = 60


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        GOT.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def arrived(type_: str) -> Got:
    """The first of that type, which comes within some seconds."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        for headers, body in GOT:
            if json.loads(body)["type"] == type_:
                return headers, body
        time.sleep(0.1)
    raise AssertionError(f"No {type_} came: {[json.loads(body)['type'] for _headers, body in GOT]}")


def post(client: httpx.Client, path: str, body: Any = None, key: str = "") -> Any:
    answer = client.post(path, json=body, headers={"Idempotency-Key": key or str(uuid4())})
    return answer.raise_for_status().json()


def drive(place: Place) -> None:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at, sent = f"{place.site}/api/v1/t/{place.slug}", {"Authorization": f"Bearer {place.token}"}
    with httpx.Client(base_url=at, headers=sent, verify=place.certificate) as client:
        body = {"label": "Clients", "url": f"http://127.0.0.1:{server.server_port}/hook", "kinds": []}
        key = str(uuid4())
        made = post(client, "/webhooks", body, key)
        say("add", f"{made['secret'][:6]}…")
        again = post(client, "/webhooks", body, key)
        say("add, sent again", f"{again['secret']}: {again['note']}")
        say("deliver", verified(made["secret"], arrived("webhook.added"), client))
        at_webhook = f"/webhooks/{made['id']}"
        new = post(client, f"{at_webhook}/secret", {"version": made["version"]})
        test = post(client, f"{at_webhook}/test")
        headers, told = arrived("webhook.test")
        for name, secret in (("old", made["secret"]), ("new", new["secret"])):
            Webhook(secret).verify(told, headers)
            say(f"test, by the {name} secret", "verified")
        say("log", client.get(f"{at_webhook}/deliveries/{test['id']}").json()["outcome"])
        left = {"headers": headers, "body": told.decode(), "secret": new["secret"]}
        Path("received.json").write_text(json.dumps(left))
        gone = client.delete(at_webhook, headers={"If-Match": f'"{new["version"]}"'})
        say("delete", gone.status_code)


def verified(secret: str, got: Got, client: httpx.Client) -> str:
    headers, body = got
    told = Webhook(secret).verify(body, headers)
    event = from_http_event(HTTPMessage(headers, body))
    assert (event.get_type(), event.get_id()) == (told["type"], told["id"])
    assert client.get(told["data"]["url"]).raise_for_status().json() == told
    try:
        Webhook(secret).verify(body + b" ", headers)
    except WebhookVerificationError:
        return f"{event.get_type()}, verified, and not with one byte more; the API reads the same"
    raise AssertionError("A changed body was verified.")


if __name__ == "__main__":
    drive(read())
