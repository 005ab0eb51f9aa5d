"""Bodies of requests, read as strictly as the API's; annotations of OData, such as @odata.type, say nothing here."""

from typing import Any, TypeVar

import pydantic
from django.http import HttpRequest
from ninja.errors import ValidationError

from portal.api.bodies import body_of, read_json

M = TypeVar("M", bound=pydantic.BaseModel)


class Body(pydantic.BaseModel):
    """A property that it does not know is an error."""

    model_config = pydantic.ConfigDict(extra="forbid", strict=True)


def read(request: HttpRequest, model: type[M]) -> M:
    """Raises Problem and ValidationError."""
    try:
        return model.model_validate(_without_annotations(read_json(body_of(request))))
    except pydantic.ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        raise ValidationError([{**each, "loc": ("body", "body", *each["loc"])} for each in found]) from error


def require_empty(request: HttpRequest) -> None:
    """Where the address says everything. Raises Problem and ValidationError."""
    if body_of(request):
        read(request, Body)


def _without_annotations(read: Any) -> Any:
    if isinstance(read, dict):
        return {name: _without_annotations(each) for name, each in read.items() if "@" not in name}
    return [_without_annotations(each) for each in read] if isinstance(read, list) else read
