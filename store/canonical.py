"""One spelling for every JSON value, so that it can be hashed and sealed."""

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, without spaces, ASCII only; raises ValueError for NaN and TypeError for foreign types."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode()
