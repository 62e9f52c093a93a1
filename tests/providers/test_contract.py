"""The same questions to every provider, and to everything a provider may say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from providers import ALL, FAMILIES, by_key
from providers.base import Invalid, Ours, Problem, Provider

PRINCIPAL = "arn:aws:iam::999999999999:role/xops"
OURS = Ours(principal_arn=PRINCIPAL, template_url="https://example.s3.amazonaws.com/xops-role.yaml")

each = pytest.mark.parametrize("provider", ALL, ids=lambda provider: provider.key)


def sentence(text: str) -> bool:
    return text.endswith(".") and not re.search(r"\b(simply|just|please)\b", text, re.IGNORECASE)


def every_problem(of: type[Problem] = Problem) -> Iterator[type[Problem]]:
    for problem in of.__subclasses__():
        if problem.__module__.startswith("providers."):
            yield problem
            yield from every_problem(problem)


def test_keys_are_slugs_and_unique() -> None:
    keys = [provider.key for provider in ALL]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{1,30}", key) for key in keys)
    assert all(by_key(key) is provider for key, provider in zip(keys, ALL, strict=True))
    assert by_key("gone") is None


def test_families_hold_every_provider_in_menu_order() -> None:
    kinds = {kind.key: (family.name, kind.label) for family in FAMILIES for kind in family.kinds}
    assert [family.name for family in FAMILIES] == ["AWS", "EKS", "Azure", "Microsoft"]
    assert {provider.key: (provider.family, provider.kind) for provider in ALL}.items() <= kinds.items()
    assert [key for key in kinds if by_key(key)] == [provider.key for provider in ALL]
    for family in FAMILIES:
        assert sentence(family.text)
        assert 0 < len(family.heading) <= 150
        assert all(sentence(kind.later) for kind in family.kinds)


@each
def test_the_form_fits_slack(provider: Provider) -> None:
    labels = [provider.name_label, *(field.label for field in provider.fields)]
    buttons = [provider.kind, provider.launch_label, provider.file_label]
    assert all(0 < len(label) <= 48 for label in labels)
    assert all(len(label) <= 75 for label in buttons)
    assert len({field.name for field in provider.fields} | {"name"}) == len(provider.fields) + 1
    assert len(provider.heading) <= 150
    assert all(len(field.hint) <= 2000 and len(field.example) <= 150 for field in provider.fields)


@each
def test_the_guide_names_only_what_is_prepared(provider: Provider) -> None:
    prepared = provider.prepare(OURS)
    for step in provider.guide:
        assert step.title
        assert sentence(step.text)
        assert not step.why or sentence(step.why)
        assert not step.link or step.link.startswith("https://")
        assert len(step.text) < 3000
        places = re.findall(r"\{([a-z_]+)\}", step.text + step.command + step.title)
        assert set(places) <= prepared.keys()
    assert {name for name, _ in provider.shown} <= prepared.keys()


@each
def test_what_is_prepared_is_new_each_time(provider: Provider) -> None:
    one, two = provider.prepare(OURS), provider.prepare(OURS)
    assert one != two
    assert all(isinstance(value, str) for value in one.values())


@each
def test_examples_are_accepted_and_nonsense_is_not(provider: Provider) -> None:
    for field in provider.fields:
        assert field.read(field.example, OURS) == field.example
        for nonsense in ("", "nonsense", "<!channel>", "x" * 3000):
            with pytest.raises(Invalid) as refusal:
                field.read(nonsense, OURS)
            assert sentence(str(refusal.value))
        assert sentence(field.invalid)
        assert not field.hint or sentence(field.hint)
        assert all(sentence(text) for _, text in field.slips)


@each
def test_every_check_has_a_label(provider: Provider) -> None:
    checks = [check for stage in provider.stages for check in stage]
    labels = [(check.__doc__ or "").partition("\n")[0] for check in checks]
    assert all(0 < len(label) <= 75 and not label.endswith(".") for label in labels)
    assert len(set(labels)) == len(labels)


@each
def test_links_and_files_are_whole(provider: Provider) -> None:
    prepared = provider.prepare(OURS)
    link, file = provider.launch(prepared, OURS), provider.file(prepared)
    assert not link or (link.startswith("https://") and len(link) <= 3000)
    assert bool(link) == bool(provider.launch_label)
    assert bool(file) == bool(provider.file_label)
    assert file is None or (file.name and file.title and file.content)


@each
def test_retries_and_order_make_sense(provider: Provider) -> None:
    assert list(provider.retry_after) == sorted(provider.retry_after)
    assert not provider.after or (by_key(provider.after) and sentence(provider.after_reason))


@pytest.mark.parametrize("problem", sorted(set(every_problem()), key=str))
def test_every_problem_is_a_sentence_with_one_way_on(problem: type[Problem]) -> None:
    assert problem.__doc__ != Problem.__doc__
    text = " ".join((problem.__doc__ or "").split())
    assert sentence(text), text
    assert len(text) <= 150
    assert sentence(problem.hint), problem.hint
    assert problem.side in ("yours", "ours", "cloud")
    assert not problem.link or problem.link.startswith("https://")
    assert not (problem.transient and problem.heals)
    assert not problem.instead or problem.instead in {k.key for f in FAMILIES for k in f.kinds}
    if problem.side == "ours":
        assert problem.transient  # nothing was learned about the customer's account
        assert not problem.fix
