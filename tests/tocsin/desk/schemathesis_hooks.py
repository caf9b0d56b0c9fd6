"""What schemathesis has to be told: a JSON line is written as JSON."""

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/jsonl")
def one_line(context: Any, value: Any) -> bytes:
    """One item a request."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()
