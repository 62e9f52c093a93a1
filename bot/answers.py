"""What a person typed into a form, read against the provider's fields. No I/O."""

from __future__ import annotations

from collections.abc import Mapping

from bot import names
from bot.refusals import FieldErrors
from providers.base import Invalid, Ours, Provider

NAME = "name"  # the field that every form has


def read(provider: Provider, typed: Mapping[str, str], ours: Ours) -> tuple[str, dict[str, str]]:
    """The name and the answers. Raises FieldErrors with a sentence for every field that cannot be right."""
    errors: dict[str, str] = {}
    answers: dict[str, str] = {}
    name = ""
    try:
        name = names.read(typed.get(NAME, ""))
    except Invalid as invalid:
        errors[NAME] = str(invalid)
    for field in provider.fields:
        try:
            answers[field.name] = field.read(typed.get(field.name, ""), ours)
        except Invalid as invalid:
            errors[field.name] = str(invalid)
    if errors:
        raise FieldErrors(errors)
    return name, answers
