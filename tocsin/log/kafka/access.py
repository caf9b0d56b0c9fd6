"""How the cluster is reached: addresses, TLS, SASL, and the waiting times of every client."""

from dataclasses import dataclass, field
from typing import Any

from aiokafka.helpers import create_ssl_context

from schemas.errors import LogError
from schemas.settings import Kafka


@dataclass(frozen=True, slots=True)
class Access:
    """What every client of the cluster is made with; `request` is the patience for one request in seconds."""

    bootstrap: str
    settings: Kafka = field(default_factory=Kafka)
    request: float = 15.0
    session: float = 15.0
    """Seconds without a heartbeat after which a worker counts as dead."""

    def common(self) -> dict[str, Any]:
        """Arguments of every client."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap,
            "client_id": self.settings.topic_prefix,
            "request_timeout_ms": round(self.request * 1000),
            "metadata_max_age_ms": 60_000,
            "security_protocol": self.settings.security.upper(),
        }
        if self.settings.security.endswith("ssl"):
            arguments["ssl_context"] = self._tls()
        if self.settings.security.startswith("sasl"):
            arguments |= self._sasl()
        return arguments

    def _tls(self) -> Any:
        settings = self.settings
        try:
            return create_ssl_context(cafile=settings.ca_file, certfile=settings.cert_file, keyfile=settings.key_file)
        except OSError as error:
            raise LogError(f"kafka: the certificate files cannot be used: {error}") from error

    def _sasl(self) -> dict[str, Any]:
        if not self.settings.username or self.settings.password is None:
            raise LogError("kafka: security is sasl, so username and password are needed")
        return {
            "sasl_mechanism": self.settings.mechanism,
            "sasl_plain_username": self.settings.username,
            "sasl_plain_password": self.settings.password.get_secret_value(),
        }
