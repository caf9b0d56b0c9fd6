"""A Slack workspace that we did not write: the emulator npm `emulate`, on the loopback."""

from .install import EmulatorUnavailable
from .server import SlackServer

__all__ = ["EmulatorUnavailable", "SlackServer"]
