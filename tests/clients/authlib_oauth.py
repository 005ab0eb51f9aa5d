"""Authlib fetches a token by client credentials, and the API takes it."""

import os

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from tests.clients.place import Place, read, say


def client_of(place: Place, secret: str, scope: str) -> OAuth2Client:
    return OAuth2Client(
        os.environ["CLIENT_OAUTH_ID"],
        secret,
        scope=scope,
        token_endpoint_auth_method="client_secret_basic",
        verify=place.certificate,
    )


def main() -> None:
    place, secret = read(), os.environ["CLIENT_OAUTH_SECRET"]
    plain = client_of(place, secret, "")
    found = plain.get(f"{place.site}/.well-known/openid-configuration", withhold_token=True).json()
    say("discovery", found["token_endpoint"])
    client = client_of(place, secret, "subscriptions.read")
    token = client.fetch_token(found["token_endpoint"], grant_type="client_credentials")
    say("token", f"{token['token_type']}, {token['expires_in']} s, scope {token['scope']}")
    me = client.get(f"{place.site}/api/v1/me").json()
    say("me", f"{me['name']} of {me['owner']['name']}, {', '.join(me['scopes'])}")
    for step, wrong in (("wrong secret", client_of(place, "x", "")), ("scope beyond", client_of(place, secret, "x"))):
        try:
            wrong.fetch_token(found["token_endpoint"], grant_type="client_credentials")
        except OAuthError as error:
            say(step, error.error)
        else:
            raise AssertionError(f"{step}: a token was given")


if __name__ == "__main__":
    main()
