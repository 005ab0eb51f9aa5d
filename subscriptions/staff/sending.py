"""Staff's form of a new row adds one, however often it is sent."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from subscriptions.db.idempotency import once
from subscriptions.web.acts import sending_of

KEY = "key"


class NotAdded(Exception):
    """The form was not taken, so its key is free for the next try; `answer` says why."""

    def __init__(self, answer: HttpResponse):
        super().__init__()
        self.answer = answer


def added_once(request: HttpRequest, add: Callable[[], HttpResponse], *, usually: str) -> HttpResponse:
    """The answer of `add`; to a second send, where the first one led, or `usually` where it led nowhere.

    Raises KeyReused, and whatever `add` raises.
    """
    answers = []

    def act() -> str:
        answers.append(add())
        if answers[0].status_code >= 400:
            raise NotAdded(answers[0])
        return answers[0].headers.get("Location", usually)

    try:
        location = once(sending_of(request, home=None), act)
    except NotAdded as refusal:
        return refusal.answer
    return answers[0] if answers else redirect(location)
