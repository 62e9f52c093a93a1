"""The home page: accounts with their health, setups in progress, and the way to add one. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.accounts import Linked, Overview
from bot.people import is_nobody
from bot.views import (
    OPEN_HOME,
    Block,
    View,
    actions,
    button,
    challenges,
    context,
    divider,
    esc,
    header,
    link,
    manage,
    modal,
    reports,
    section,
)
from providers import Family
from providers.base import Note, Provider, Report

OPEN = OPEN_HOME
CHECK = "account.check"


def blocks(
    overview: Overview, families: Sequence[Family], known: Mapping[str, Provider], email: str
) -> list[Block]:
    """The page for this person, the same in the modal and on the Home tab."""
    if is_nobody(overview.person):
        return [
            header("XOps is not open to you here"),
            section(
                "Guests and people of other workspaces cannot use XOps. Ask a workspace admin to link accounts."
            ),
            challenges(email),
        ]
    if not overview.may_link and not overview.accounts:
        return [
            header("Integrations"),
            section(
                "Workspace admins link cloud accounts to XOps. Ask one of them if you need an account connected."
            ),
            challenges(email),
        ]
    page: list[Block] = []
    if overview.any_linked:
        page += [header("Integrations"), *_accounts(overview)]
        if overview.may_link:
            page += [
                actions(button("Add Cloud Account", link.LINK_MORE, **_style(not _is_troubled(overview))))
            ]
    page += _setups(overview)
    if not overview.any_linked:
        page += link.picker_blocks(families, known, lead=not overview.setups)
    return [*page, challenges(email)]


def modal_page(
    screen: str, overview: Overview, families: Sequence[Family], known: Mapping[str, Provider], email: str
) -> View:
    """The page as a modal."""
    return modal("XOps", blocks(overview, families, known, email), screen=screen)


def tab(overview: Overview, families: Sequence[Family], known: Mapping[str, Provider], email: str) -> View:
    """The page as the Home tab."""
    return {"type": "home", "blocks": blocks(overview, families, known, email)}


def sorry(note: Note, email: str) -> View:
    """The Home tab when we could not find out what to show."""
    text = f"*{esc(note.sentence)}*\n{esc(note.hint)}"
    return {
        "type": "home",
        "blocks": [section(text), actions(button("Open XOps", OPEN_HOME)), challenges(email)],
    }


def _accounts(overview: Overview) -> list[Block]:
    found: list[Block] = []
    first = next((account for account in overview.accounts if account.health != "healthy"), None)
    for account in overview.accounts:
        again = button("Check again", CHECK, account.id, **_style(account is first))
        found.append(section(_account_text(account), again))
        if facts := reports.facts(account.facts):
            found.append(context(*facts))
        found += [manage.row_of(account), divider()]
    return found


def _is_troubled(overview: Overview) -> bool:
    return any(account.health != "healthy" for account in overview.accounts)


def _style(leads: bool) -> dict[str, str]:
    """The look of a button; one on a page leads on."""
    return {"style": "primary"} if leads else {}


def _account_text(account: Linked) -> str:
    checked = reports.date_time(account.checked_at) if account.checked_at else "not yet"
    return "\n".join(
        (
            f"*{esc(account.name)}* ({esc(account.provider.name)})",
            f"{reports.HEALTH[account.health]}, checked {checked}",
            *_troubles(account),
        )
    )


def _troubles(account: Linked) -> list[str]:
    if account.report is None or account.health == "healthy":
        return []
    notes = [note for line in account.report.lines for note in line.notes]
    said = [f"*{reports.SIDES[note.side]}:* {esc(note.sentence)}" for note in notes]
    return [*said, "Check again shows how to mend it."] if said else []


def _setups(overview: Overview) -> list[Block]:
    found: list[Block] = []
    style = _style(not overview.any_linked)
    for setup in overview.setups:
        text = f":construction: *Setup in progress*\n{link.called(setup)}\n{esc(link.heading(setup))}"
        found += [section(text, button("Resume", link.RESUME, setup.id, **style)), divider()]
        style = {}
    return found


def checked(screen: str, account: Linked, report: Report | None, *, done: bool = False) -> View:
    """One account while it is checked, and after."""
    page = [header(account.name), context(esc(account.provider.name))]
    if not done:
        page.append(section(f"Checking with {esc(account.provider.family)}…"))
        page += reports.checks(report, running=True) if report else []
        return modal("Check account", page, screen=screen, ref=account.id)
    wrong = account.health != "healthy"
    again = button("Check again", CHECK, account.id, **_style(wrong))
    found = "\n".join(reports.facts(account.facts)) or "The cloud told us nothing about it."
    page.append(section(reports.HEALTH[account.health]))
    page += reports.problems(report) if report else []
    page += [actions(again, button("See all accounts", OPEN_HOME)), divider()]
    page += [*(reports.checks(report) if report else []), section(found)]
    return modal("Check account", page, screen=screen, ref=account.id)
