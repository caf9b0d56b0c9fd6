"""How the cluster is reached: addresses, TLS, SASL, and the waiting times of every client."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context

from schemas.errors import LogError
from schemas.settings import Kafka

_NOT_OF_A_CONNECTION: Final = ("bootstrap_servers", "metadata_max_age_ms")


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

    async def refusal(self) -> str:
        """Why no broker lets us in, each with its reason; "" when one does. aiokafka tells its own log alone."""
        how = {key: value for key, value in self.common().items() if key not in _NOT_OF_A_CONNECTION}
        reasons = []
        for host, port, _ in collect_hosts(self.bootstrap):
            try:
                connection = await create_conn(host, port, **how)
            except (OSError, KafkaError, TimeoutError) as error:
                reasons.append(f"{host}:{port}: {str(error) or type(error).__name__}")
            else:
                connection.close()
                return ""
        return "; ".join(reasons)

    def _tls(self) -> Any:
        settings = self.settings
        for name in ("ca_file", "cert_file", "key_file"):
            if (path := getattr(settings, name)) and not Path(path).is_file():
                raise LogError(f"kafka.{name}: there is no file {path}")
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
