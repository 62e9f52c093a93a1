"""The screens of renaming and deleting a linked account. No I/O."""

from __future__ import annotations

from bot.accounts import Linked
from bot.answers import NAME
from bot.views import (
    OPEN_HOME,
    Block,
    View,
    actions,
    button,
    challenges,
    esc,
    header,
    modal,
    section,
    text_input,
)

EDIT = "account.edit"
RENAME = "account.rename"
REMOVE = "account.remove"
DELETE = "account.delete"
BETWEEN = " "  # of the id and the name that was seen, in the form's reference: ids hold no space


def rename_form(screen: str, account: Linked, email: str) -> View:
    """The account's name, to be changed."""
    blocks = [
        header(account.name),
        text_input(NAME, account.provider.name_label, value=account.name, longest=200),
        challenges(email),
    ]
    ref = f"{account.id}{BETWEEN}{account.name}"
    return modal(
        "Edit name", blocks, screen=screen, callback=RENAME, submit="Proceed", close="Cancel", ref=ref
    )


def seen(ref: str) -> tuple[str, str]:
    """(account id, the name the person saw) of a form's reference."""
    account_id, _, name = ref.partition(BETWEEN)
    return account_id, name


def renamed(screen: str, account: Linked) -> View:
    """The success message."""
    text = f":white_check_mark: The account name is updated: *{esc(account.name)}*."
    return _end(screen, "Name updated", text)


def delete_form(screen: str, account: Linked, email: str) -> View:
    """What deleting means, and the name to type."""
    blocks = [
        header(f"Delete {account.name}"),
        section(
            f"XOps forgets *{esc(account.name)}* ({esc(account.provider.name)}) and destroys its access. "
            "This cannot be undone."
        ),
        text_input(NAME, account.provider.name_label, hint="Enter the account name to confirm.", longest=200),
        challenges(email),
    ]
    return modal(
        "Delete account",
        blocks,
        screen=screen,
        callback=DELETE,
        submit="Delete Account",
        close="Cancel",
        ref=account.id,
    )


def deleting(screen: str, account: Linked) -> View:
    """While we ask Slack for the person's rights."""
    text = f":hourglass_flowing_sand: Deleting *{esc(account.name)}*…"
    return modal("Delete account", [section(text)], screen=screen)


def deleted_text(account: Linked) -> str:
    """The success message, as mrkdwn."""
    return (
        f":white_check_mark: *{esc(account.name)}* has been deleted. {esc(account.provider.removal)}".strip()
    )


def deleted(screen: str, account: Linked) -> View:
    """The success message."""
    return _end(screen, "Account deleted", deleted_text(account))


def not_deletable(screen: str, account: Linked, email: str) -> View:
    """The owner's note: management accounts are not deleted here."""
    text = (
        f"There is currently no provision to delete {esc(account.provider.name)}s from XOps. "
        "To delete the account, ask our support team: state that the request is for its deletion, and give the "
        "account details and the reason."
    )
    return modal("Delete account", [header(account.name), section(text), challenges(email)], screen=screen)


def _end(screen: str, title: str, text: str) -> View:
    way_on = actions(button("See all accounts", OPEN_HOME))
    return modal("Accounts", [header(title), section(text), way_on], screen=screen)


def row_of(account: Linked) -> Block:
    """The row of buttons under an account on the home page."""
    row = [button("Edit name", EDIT, account.id)]
    if account.provider.deletable:
        row.append(button("Delete", REMOVE, account.id))
    return actions(*row)
