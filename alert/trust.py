"""Whose certificates are believed: the system's, Mozilla's, and a private authority's where one is named.

There is no way to believe anybody: a private authority's file solves the real need.
"""

import ssl

import certifi


def trust(ca_file: str | None = None) -> ssl.SSLContext:
    """A context for clients: TLS 1.2 or newer, names checked. Raises OSError for a file that cannot be read."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context
