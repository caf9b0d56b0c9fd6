"""A real Prometheus (Debian's package) that scrapes what a test runs.

    async with prometheus(directory, config) as server:   # a scrape configuration as text
        await server.query("up")

It is looked for on the PATH, then in the user's cache; else Debian's package is downloaded into the cache
(`apt-get download`, no root, nothing installed). Where that cannot be, tests are skipped with the reason.
"""

from tests.servers.prometheus.server import Prometheus, prometheus
from tests.servers.prometheus.tools import PrometheusUnavailable, tool

__all__ = ["Prometheus", "PrometheusUnavailable", "prometheus", "tool"]
