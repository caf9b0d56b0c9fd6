"""A second and a third door to the broker, as operators lock them: SASL over TLS, and TLS with client certificates."""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.servers.certificates import Authority
from tests.servers.kafka.nodes import free_ports

USER, PASSWORD = "tocsin", "open-sesame"
LOGIN = "org.apache.kafka.common.security"


@dataclass
class Locks:
    """The locked doors of a single broker, with the keys that open them.

    `sasl` and `tls` are the doors' addresses; `authority` has the certificates, the client's being the server's.
    """

    directory: Path
    authority: Authority = field(init=False)
    _ports: list[int] = field(default_factory=lambda: free_ports(2))

    def __post_init__(self) -> None:
        """Make certificates; Kafka wants key and chain in one file, the key as PKCS#8."""
        self.authority = Authority(self.directory)
        key = load_pem_private_key(self.authority.key_file.read_bytes(), None)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._store.write_bytes(pem + self.authority.cert_file.read_bytes())

    @property
    def _store(self) -> Path:
        return self.directory / "broker.pem"

    @property
    def sasl(self) -> str:
        """Opens with user and password, over TLS."""
        return f"127.0.0.1:{self._ports[0]}"

    @property
    def tls(self) -> str:
        """Opens with a client's certificate."""
        return f"127.0.0.1:{self._ports[1]}"

    def properties(self, plain: dict[str, str]) -> dict[str, str]:
        """The broker's settings with the doors added."""
        doors = f",SASLDOOR://{self.sasl},TLSDOOR://{self.tls}"
        return plain | {
            "listeners": plain["listeners"] + doors,
            "advertised.listeners": plain["advertised.listeners"] + doors,
            "listener.security.protocol.map": plain["listener.security.protocol.map"]
            + ",SASLDOOR:SASL_SSL,TLSDOOR:SSL",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self._store),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.authority.ca_file),
            "listener.name.tlsdoor.ssl.client.auth": "required",
            "listener.name.sasldoor.sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN",
            "listener.name.sasldoor.scram-sha-512.sasl.jaas.config": f"{LOGIN}.scram.ScramLoginModule required;",
            "listener.name.sasldoor.plain.sasl.jaas.config": (
                f'{LOGIN}.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
            ),
        }

    def users(self) -> list[str]:
        """Arguments of the formatting tool: SCRAM users are part of the cluster's own metadata."""
        return ["--add-scram", f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"]
