"""What linking and checking have in common: how they are watched, and when the next check is due."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from providers.base import Report

Watch = Callable[[Report], None]
Count = Callable[[str, str], None]  # (provider, health)


def a_day_from(now: datetime) -> datetime:
    """When an account is due again: a day, give or take a tenth, so that not all come at once."""
    return now + timedelta(days=random.uniform(0.9, 1.1))
