"""Doors by which answers to alerts come in over HTTP: Slack's buttons (signed) and the links of a mail (confirmed)."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import parse_qs

import structlog
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from alert import links
from alert.channel import Channel
from alert.channels.slack import Slack
from alert.channels.slack.interactive import heard
from alert.channels.slack.signature import refusal
from alert.channels.slack.socket import respond
from schemas.alert import Action
from schemas.ports import Clock
from tocsin.desk.forms import body as body_of

log = structlog.get_logger(__name__)

Act = Callable[[Action], Awaitable[None]]
_TEMPLATES = Environment(loader=PackageLoader("tocsin.desk"), autoescape=True, undefined=StrictUndefined)
_WORDS = {"acknowledge": "Acknowledge this story", "mute": "Mute this story for 24 hours",
          "feedback": "Say that this alert is not relevant"}  # fmt: skip


def routes(channels: Mapping[str, Channel], act: Act, clock: Clock, key: bytes | None) -> Sequence[Route]:
    """The doors that this configuration opens: `/slack/interactive` with a signing secret, `/act/…` with a key."""
    slack = {name: channel for name, channel in channels.items() if isinstance(channel, Slack)}
    found = []
    if any(channel.options.signing_secret for channel in slack.values()):
        found.append(_slack(slack, act, clock))
    if key is not None:
        found.append(_mail(key, act, clock))
    return found


def _slack(channels: Mapping[str, Slack], act: Act, clock: Clock) -> Route:
    async def interactive(request: Request) -> Response:
        body = await body_of(request)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        ours = _signed_for(channels, request, body, clock)
        if not ours:
            return PlainTextResponse("not from Slack", status_code=401)
        places = {channel.options.channel: name for name, channel in ours.items()}
        found = heard(_payload(body), places, clock.now())
        if found.action is not None:
            await act(found.action)
        bot = next(iter(ours.values())).api
        return Response(status_code=200, background=BackgroundTask(respond, found, bot))

    return Route("/slack/interactive", interactive, methods=["POST"])


def _signed_for(channels: Mapping[str, Slack], request: Request, body: bytes, clock: Clock) -> dict[str, Slack]:
    """The channels of the app whose secret signed this; none for a stranger."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    found, reason = {}, "no secret"
    for name, channel in channels.items():
        secret = channel.options.signing_secret
        if secret is None:
            continue
        reason = refusal(secret.get_secret_value(), headers, body, clock.now()) or ""
        if not reason:
            found[name] = channel
    if not found:
        log.warning("slack request refused", reason=reason)
    return found


def _payload(body: bytes) -> dict[str, object]:
    fields = parse_qs(body.decode("utf-8", "replace"))
    try:
        value = json.loads(fields.get("payload", ["{}"])[0])
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _mail(key: bytes, act: Act, clock: Clock) -> Route:
    async def door(request: Request) -> Response:
        permit = links.read(key, request.path_params["token"], clock.now())
        page = _TEMPLATES.get_template("act.html")
        if permit is None:
            return HTMLResponse(page.render(question="", said="This link is not valid any more."), status_code=410)
        if request.method == "POST":
            await act(permit.action(clock.now()))
            return HTMLResponse(page.render(question="", said="Done."))
        return HTMLResponse(page.render(question=_WORDS[permit.kind], said=""))

    return Route("/act/{token}", door, methods=["GET", "POST"])
