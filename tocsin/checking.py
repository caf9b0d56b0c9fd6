"""What is wrong with the destinations and the desk of a configuration, before anything starts."""

from collections.abc import Iterator

from pydantic import ValidationError

from alert.canary import PREFIX
from alert.channels import options_model
from schemas import marked
from schemas.errors import ConfigError, Fault
from schemas.settings import Destination
from tocsin.config import Config
from tocsin.desk.gate import LOOPBACK


def destination_faults(config: Config) -> list[Fault]:
    """What is wrong with the destinations, each fault in its place in `tocsin.yaml`."""
    faults: list[Fault] = []
    source, settings = config.settings_source, config.settings
    for name, destination in settings.destinations.items():
        path = ("destinations", name)
        if path not in source.places:
            continue  # the default console
        faults += _of_one(config, name, destination, path)
    if settings.desk.listen.rpartition(":")[0] not in LOOPBACK and settings.desk.token is None:
        problem = "the desk can be reached from outside and asks nobody who they are"
        faults.append(source.fault(("desk", "listen"), problem, "set desk.token, or listen on 127.0.0.1"))
    if settings.operator is not None and settings.operator not in settings.destinations:
        faults.append(_unknown(config, ("operator",), settings.operator))
    return faults


def _of_one(config: Config, name: str, destination: Destination, path: marked.Path) -> Iterator[Fault]:
    source = config.settings_source
    try:
        marked.validate(source, options_model(destination.kind), (*path, destination.kind))
    except ConfigError as error:
        yield from (fault if fault.file else source.fault(path, fault.problem, fault.fix) for fault in error.faults)
    else:
        yield from _of_its_canary(config, destination, (*path, "canary"))
    if destination.fallback is not None and destination.fallback not in config.settings.destinations:
        yield _unknown(config, (*path, "fallback"), destination.fallback)
    if name.startswith(PREFIX):
        yield source.fault(path, f'names that begin with "{PREFIX}" are tocsin\'s own', "call it something else")


def _of_its_canary(config: Config, destination: Destination, path: marked.Path) -> Iterator[Fault]:
    """A test target is the destination with some options changed; together they must be good."""
    if destination.canary is None:
        return
    try:
        options_model(destination.kind).model_validate({**destination.options, **destination.canary})
    except ValidationError as error:
        for entry in error.errors(include_url=False, include_input=False):
            where = ".".join(str(part) for part in entry["loc"])
            yield config.settings_source.fault(path, f"{where}: {str(entry['msg']).removeprefix('Value error, ')}")
    if config.settings.canary is None:
        yield config.settings_source.fault(path, "there is no canary to send here", 'set "canary: {every: 10m}"')


def _unknown(config: Config, path: marked.Path, name: str) -> Fault:
    fix = marked.suggest(name, config.settings.destinations) or 'name one of "destinations"'
    return config.settings_source.fault(path, f'there is no destination "{name}"', fix)
