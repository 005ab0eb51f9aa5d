"""What a new document takes away from an earlier one: a version only ever grows, so that no client breaks."""

from collections.abc import Iterator
from typing import Any


def removals(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Each operation, parameter, field or answer that is gone, and each that is newly required."""
    return [*_of_paths(before["paths"], after["paths"]), *_of_schemas(before, after)]


def _of_paths(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for path, operations in before.items():
        for method, operation in operations.items():
            now = after.get(path, {}).get(method)
            if now is None:
                yield f"{method} {path}"
                continue
            yield from _of_operation(f"{method} {path}", operation, now)


def _of_operation(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    had, has = (_parameters(each) for each in (before, after))
    yield from (f"{name}: parameter {each}" for each in sorted(had.keys() - has.keys()))
    for each, required in has.items():
        if required and not had.get(each, False):
            yield f"{name}: parameter {each} is required"
    yield from (
        f"{name}: answer {status}" for status in sorted(before["responses"].keys() - after["responses"].keys())
    )
    if before["operationId"] != after["operationId"]:
        yield f"{name}: its ID"
    if "requestBody" not in before and after.get("requestBody", {}).get("required"):
        yield f"{name}: a body is required"


def _parameters(operation: dict[str, Any]) -> dict[str, bool]:
    return {each.get("name", each.get("$ref")): each.get("required", False) for each in operation["parameters"]}


def _of_schemas(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    schemas, now = before["components"]["schemas"], after["components"]["schemas"]
    for name, schema in schemas.items():
        if name not in now:
            yield f"schema {name}"
            continue
        fields, has = schema.get("properties", {}), now[name].get("properties", {})
        yield from (f"{name}.{field}" for field in sorted(fields.keys() - has.keys()))
        new = set(now[name].get("required", ())) - set(schema.get("required", ()))
        yield from (f"{name}.{field} is required" for field in sorted(new))
        yield from (
            f"{name}.{each}: its type" for each in fields if each in has and _type(fields[each]) != _type(has[each])
        )


def _type(schema: dict[str, Any]) -> Any:
    """What a client was generated from; a list of values may grow."""
    if "anyOf" in schema:
        return sorted(map(str, (_type(each) for each in schema["anyOf"])))
    return schema.get("$ref") or (schema.get("type"), schema.get("format"))
