"""The OpenAPI document of the desk's API. The shapes are those of the messages (`tocsin schema`)."""

from typing import Any, Final

from schemas.alert import Alert, Receipt
from schemas.item import Item
from schemas.story import Change, Story

MOST: Final = 500
"""Entries of one answer."""
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_NUMBER: Final[dict[str, Any]] = {"type": "integer"}


def document() -> dict[str, Any]:
    """The OpenAPI document of these routes."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "tocsin", "version": "1"},
        "security": [{}, {"token": []}],
        "paths": {
            "/api/stories": {"get": _get("The newest stories", _list("Story"), _limit())},
            "/api/stories/{id}": {"get": _story()},
            "/api/alerts": {"get": _alerts()},
            "/api/query": {"get": _query()},
            "/api/items": {"post": _items()},
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for model in (Story, Change, Alert, Receipt, Item):
        made = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        found |= made.pop("$defs", {})
        found[model.__name__] = made
    found["Problem"] = _object(status=_NUMBER, detail=_TEXT)
    found["Given"] = _given()
    return found


def _given() -> dict[str, Any]:
    """An item as others hand it in: what is absent is no fault, but a title or a text there must be."""
    made = Item.model_json_schema(ref_template="#/components/schemas/{model}", mode="validation")
    shown = {name: shape for name, shape in made["properties"].items() if name not in ("canary", "kind")}
    words = {"type": "string", "pattern": "[A-Za-z]"}
    said = [{"required": [name], "properties": {name: words}} for name in ("title", "text")]
    return {"type": "object", "properties": shown, "anyOf": said}


def _get(summary: str, schema: dict[str, Any], *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A GET that answers with JSON; `more` are further media types of the good answer."""
    good = {"description": "as asked", "content": {"application/json": {"schema": schema}, **more}}
    answers = {"200": good} | (_problems("422") if parameters else {}) | _turned_away()
    return {"summary": summary, "parameters": list(parameters), "responses": answers}


def _story() -> dict[str, Any]:
    whole = _object(story=_ref("Story"), changes=_list("Change"), receipts=_list("Receipt"))
    asked = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
    found = _get("A story, its changes, and what became of its alerts", whole, asked)
    return {**found, "responses": found["responses"] | _problems("404")}


def _alerts() -> dict[str, Any]:
    only = {"name": "subscription", "in": "query", "schema": _TEXT}
    last = {
        "name": "Last-Event-ID", "in": "header", "schema": _TEXT,
        "description": "The id of the last event heard: what came after it is told first.",
    }  # fmt: skip
    told = "Where `Accept` asks for it: events `alert`, each an Alert in its data, until you leave."
    events = {"text/event-stream": {"schema": {"type": "string", "description": told}}}
    return _get("The newest alerts, or alerts as they come", _list("Alert"), _limit(), only, last, **events)


def _query() -> dict[str, Any]:
    slip = _object(start=_NUMBER, end=_NUMBER, problem=_TEXT, fix=_TEXT, shown=_TEXT)
    judged = _object(good={"type": "boolean"}, full=_TEXT, slips={"type": "array", "items": slip})
    asked = {"name": "query", "in": "query", "required": True, "schema": _TEXT}
    return _get("Is a query good, and where not", judged, asked)


def _items() -> dict[str, Any]:
    told = {"description": "as asked", "content": {"application/json": {"schema": _object(items=_NUMBER, new=_NUMBER)}}}
    return {
        "summary": "Items in, as JSON lines, all or none; an id that came in once does not come in again",
        "security": [{"token": []}],
        "parameters": [{"name": "backfill", "in": "query", "schema": {"type": "string", "enum": ["0", "1"]}}],
        "requestBody": {"required": True, "content": {"application/jsonl": {"schema": _ref("Given")}}},
        "responses": {"202": told} | _problems("413", "422", "503") | _turned_away(),
    }


def _limit() -> dict[str, Any]:
    return {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _object(**properties: Any) -> dict[str, Any]:
    """Every property is always there."""
    return {"type": "object", "required": list(properties), "properties": properties}


def _problems(*statuses: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {status: {"description": "why not", "content": content} for status in statuses}


def _turned_away() -> dict[str, Any]:
    """What the gate says instead: plain words."""
    words = {"text/plain": {"schema": _TEXT}}
    why = {
        "401": "no token, or a wrong one", "403": "a form of another site, or writing where no token is set",
        "421": "the desk does not go by that name", "429": "too many wrong tokens; Retry-After says how long",
    }  # fmt: skip
    return {status: {"description": reason, "content": words} for status, reason in why.items()}
