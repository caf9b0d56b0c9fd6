"""Whom do the test servers claim to be? A throw-away certificate authority for `localhost` and 127.0.0.1."""

import ssl
from pathlib import Path

import trustme


class Authority:
    """One CA with one server certificate, as files in `directory`; trust it by pinning `ca_file`."""

    def __init__(self, directory: Path) -> None:
        self.ca_file = directory / "ca.pem"
        self.cert_file = directory / "server.pem"
        self.key_file = directory / "server.key"
        authority = trustme.CA()
        server = authority.issue_cert("localhost", "127.0.0.1")
        authority.cert_pem.write_to_path(self.ca_file)
        server.private_key_pem.write_to_path(self.key_file)
        self.cert_file.write_bytes(b"".join(blob.bytes() for blob in server.cert_chain_pems))

    def server_context(self) -> ssl.SSLContext:
        """Return what a server needs to prove that it is `localhost`."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.cert_file, self.key_file)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return what a client needs to believe it, and nobody else."""
        return ssl.create_default_context(cafile=str(self.ca_file))
