"""The OpenAPI document of the desk's API. The shapes are those of the messages (`tocsin schema`)."""

from typing import Any, Final

from schemas.alert import Alert, Receipt
from schemas.item import Item
from schemas.story import Change, Story

MOST: Final = 500
"""Entries of one answer."""


def document() -> dict[str, Any]:
    """The OpenAPI document of these routes; the shapes are those of the messages (`tocsin schema`)."""
    schemas: dict[str, Any] = {}
    for model in (Story, Change, Alert, Receipt, Item):
        made = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        schemas |= made.pop("$defs", {})
        schemas[model.__name__] = made
    schemas["Problem"] = {
        "type": "object", "required": ["status", "detail"],
        "properties": {"status": {"type": "integer"}, "detail": {"type": "string"}},
    }  # fmt: skip
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST}}
    only = {"name": "subscription", "in": "query", "schema": {"type": "string"}}
    lines = {"application/jsonl": {"schema": _ref("Item")}}
    last = {"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"},
            "description": "The id of the last event heard: what came after it is told first."}  # fmt: skip
    asked = {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}}
    slip = {"type": "object", "required": ["start", "end", "problem", "fix", "shown"], "properties": {
        "start": {"type": "integer"}, "end": {"type": "integer"}, "problem": {"type": "string"},
        "fix": {"type": "string"}, "shown": {"type": "string"}}}  # fmt: skip
    judged = {"type": "object", "required": ["good", "full", "slips"], "properties": {
        "good": {"type": "boolean"}, "full": {"type": "string"},
        "slips": {"type": "array", "items": slip}}}  # fmt: skip
    events = {"text/event-stream": {"schema": {"type": "string", "description":
        "Where `Accept` asks for it: events `alert`, each an Alert in its data, until you leave."}}}  # fmt: skip
    whole = {"type": "object", "required": ["story", "changes", "receipts"], "properties": {
        "story": _ref("Story"), "changes": _list("Change"), "receipts": _list("Receipt")}}  # fmt: skip
    told = {"type": "object", "required": ["items", "new"], "properties": {
        "items": {"type": "integer"}, "new": {"type": "integer"}}}  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "tocsin", "version": "1"},
        "security": [{}, {"token": []}],
        "paths": {
            "/api/stories": {"get": {"parameters": [limit], "responses": _answers(_list("Story"))}},
            "/api/stories/{id}": {"get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": _answers(whole) | _problems("404")}},
            "/api/alerts": {"get": {
                "parameters": [limit, only, last], "responses": _answers(_list("Alert"), **events)}},
            "/api/query": {"get": {"parameters": [asked], "responses": _answers(judged)}},
            "/api/items": {"post": {
                "security": [{"token": []}],
                "parameters": [{"name": "backfill", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {"required": True, "content": lines},
                "responses": {"202": _content(told)} | _problems("413", "422", "503") | _turned_away()}},
        },
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }  # fmt: skip


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "as asked", "content": {"application/json": {"schema": schema}}}


def _answers(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    good = _content(schema)
    return {"200": {**good, "content": {**good["content"], **more}}} | _turned_away()


def _turned_away() -> dict[str, Any]:
    """What the gate says instead: plain words."""
    words = {"text/plain": {"schema": {"type": "string"}}}
    why = {
        "401": "no token, or a wrong one", "403": "a form of another site, or writing where no token is set",
        "421": "the desk does not go by that name", "429": "too many wrong tokens; Retry-After says how long",
    }  # fmt: skip
    return {status: {"description": reason, "content": words} for status, reason in why.items()}


def _problems(*statuses: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {status: {"description": "why not", "content": content} for status in statuses}
