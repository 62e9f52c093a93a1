"""What may be linked now, and by whom. Only reads; no Slack, no words for screens."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from bot.people import Act, Groups, is_fresh, may
from bot.refusals import ComesLater, NotAllowed, OnlyOne
from providers import Family
from providers.base import Provider, Report
from store import Account, Draft, Person, Work

Offer = tuple[str, str, str]  # (label, provider key or "", why it cannot be chosen)


class Gates:
    """The order in which kinds of accounts are linked, and the rights to do so."""

    def __init__(self, providers: Mapping[str, Provider], groups: Groups) -> None:
        self._providers = providers
        self._groups = groups

    def offers(self, work: Work, family: Family) -> list[Offer]:
        """What the family holds now."""
        found = []
        for kind in family.kinds:
            provider = self._providers.get(kind.key)
            if provider is None:
                found.append((kind.label, "", kind.later))
            elif provider.single and work.count_accounts(kind.key):
                continue
            elif provider.after and not work.count_accounts(provider.after):
                found.append((kind.label, "", provider.after_reason))
            else:
                found.append((kind.label, kind.key, ""))
        return found

    def admit(self, work: Work, provider: Provider) -> None:
        """Raises ComesLater or OnlyOne when an account of this kind cannot be linked now."""
        if provider.after and not work.count_accounts(provider.after):
            raise ComesLater(reason=provider.after_reason)
        if provider.single and work.count_accounts(provider.key):
            raise OnlyOne(name=provider.name)

    def fitting(self, work: Work, draft: Draft) -> Provider | None:
        """The kind that the checks found to fit instead, if it can be linked now."""
        if draft.state != "prepared" or not draft.report:
            return None
        notes = [note for line in Report.from_json(draft.report).lines for note in line.notes]
        provider = next((self._providers.get(note.instead) for note in notes if note.instead), None)
        if provider is None or provider.family != self._providers[draft.provider].family:
            return None
        with contextlib.suppress(ComesLater, OnlyOne):
            self.admit(work, provider)
            return provider
        return None

    def same(self, work: Work, draft: Draft) -> Account | None:
        """The linked account that these answers name, unless the draft is to replace its access."""
        if draft.state != "prepared" or not draft.answers:
            return None
        provider = self._providers[draft.provider]
        account = work.account_by_identity(provider.key, provider.identity(draft.answers))
        return None if account is None or account.id == draft.replaces else account

    def may_link(self, person: Person) -> None:
        """Raises NotAllowed."""
        if not may(person, Act.LINK, self._groups):
            raise NotAllowed

    def may_still_link(self, work: Work, user_id: str) -> None:
        """What is known of the person decides if it is fresh; otherwise the job asks Slack and decides."""
        person = work.person(user_id)
        if person is not None and is_fresh(person):
            self.may_link(person)

    def may_replace(self, work: Work, user_id: str, account: Account) -> bool:
        """Whether, as far as we know, the person may replace the access of this account."""
        person = work.person(user_id)
        owns = account.owner_id == user_id
        return person is not None and may(person, Act.REPLACE, self._groups, owns=owns)
