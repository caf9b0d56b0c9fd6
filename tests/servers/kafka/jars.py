"""Where Apache Kafka's jars come from: Maven Central, once, into the user's cache."""

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

from tests.servers.kafka.errors import KafkaUnavailable

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
OLDEST_JAVA = 17
FETCH_SECONDS = 300


def version() -> str:
    """The Apache Kafka version that `pom.xml` names, such as `4.4.0`."""
    space = "{http://maven.apache.org/POM/4.0.0}"
    for dependency in ElementTree.parse(POM).iter(f"{space}dependency"):
        if dependency.findtext(f"{space}groupId") == "org.apache.kafka":
            return dependency.findtext(f"{space}version", "")
    raise KafkaUnavailable(f"{POM} names no dependency of org.apache.kafka")


def cache_dir() -> Path:
    """Where the jars of this version are kept; the directory exists only when it is complete."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "tocsin-tests" / f"kafka-{version()}"


def fetched() -> Path:
    """The directory of jars, fetched on first use.

    Raises:
        KafkaUnavailable: Java is missing or too old, Maven is missing, or Maven could not fetch.
    """
    check_java()
    jars = cache_dir()
    if jars.is_dir():
        return jars
    jars.parent.mkdir(parents=True, exist_ok=True)
    with _locked(jars.with_name(f"{jars.name}.lock")):
        if not jars.is_dir():
            _fetch_into(jars)
    return jars


def check_java() -> None:
    """Refuse a machine without a Java that Kafka 4 can run on."""
    if not shutil.which("java"):
        raise KafkaUnavailable("no `java` on the path")
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, timeout=30, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise KafkaUnavailable(f"Java {OLDEST_JAVA} is needed, found: {told.splitlines()[:1]}")


def _fetch_into(jars: Path) -> None:
    if not shutil.which("mvn"):
        raise KafkaUnavailable(f"no `mvn` on the path, and no jars in {jars}")
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=jars.parent) as room:
        fresh = Path(room) / "jars"
        try:
            _run_maven(fresh)
        except (subprocess.SubprocessError, OSError) as error:
            raise KafkaUnavailable(f"Maven could not fetch Kafka {version()}: {_reason(error)}") from error
        fresh.rename(jars)


def _run_maven(target: Path) -> None:
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={target}"]
    subprocess.run(
        ["mvn", "-B", "-q", "-f", str(POM), *goal], capture_output=True, text=True, timeout=FETCH_SECONDS, check=True
    )


def _reason(error: Exception) -> str:
    told = error.stdout if isinstance(error, subprocess.CalledProcessError) else str(error)
    return next((line for line in str(told).splitlines() if "ERROR" in line), str(error))[:300]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
