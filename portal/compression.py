"""Pages are sent compressed, but for those that show a secret again and again."""

from django.middleware.gzip import GZipMiddleware

SHOWS_SECRETS = ("/accounts/",)  # the key of an authenticator app, and recovery codes


class CompressionMiddleware(GZipMiddleware):
    """Django's own, which adds up to a hundred random bytes to hide the length, for whole pages alone.

    The file of a list is sent as it is made, and what programs read keeps its ETag, which compression would weaken.
    """

    def process_response(self, request, response):
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page or request.path.startswith(SHOWS_SECRETS):
            return response
        return super().process_response(request, response)
