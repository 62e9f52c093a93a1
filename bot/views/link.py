"""The screens of linking an account: choose, guide and form, checking, connected. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answers import NAME
from bot.setups import Setup
from bot.views import (
    OPEN_HOME,
    Block,
    View,
    actions,
    button,
    challenges,
    context,
    copyable,
    divider,
    esc,
    header,
    modal,
    reports,
    section,
    text_input,
)
from providers import Family
from providers.base import Ours, Provider, Report, Step, fill

FORM = "link.form"
CHOOSE_FAMILY = "link.family"
CHOOSE_PROVIDER = "link.provider"
GUIDE = "link.guide"
LAUNCH = "link.launch"
SEND_FILE = "link.file"
CHECK_AGAIN = "link.again"
CHANGE = "link.change"
STOP = "link.stop"
SWITCH = "link.switch"
REPLACE = "link.replace"
RESUME = "link.resume"
LINK_MORE = "link.more"

NAME_HINT = "What your team calls this account, up to 64 characters."


def picker_blocks(
    families: Sequence[Family], known: Mapping[str, Provider], *, lead: bool = True
) -> list[Block]:
    """The first-use choice. `lead`: it is what the person came for, so the only choice stands out."""
    blocks = [header("Select Your Preferred Cloud Service or Platform")]
    ready = [family for family in families if any(kind.key in known for kind in family.kinds)]
    for family in families:
        text = f"*{esc(family.title)}*\n{esc(family.text)}"
        if family in ready:
            way = button(family.name, CHOOSE_FAMILY, family.name, **_only(lead and len(ready) == 1))
            blocks.append(section(text, way))
        else:
            blocks.append(section(f"{text}\n_Coming next_"))
    return blocks


def picker(screen: str, families: Sequence[Family], known: Mapping[str, Provider], email: str) -> View:
    """The first-use choice as a modal."""
    return modal("XOps", [*picker_blocks(families, known), challenges(email)], screen=screen)


def kinds(screen: str, family: Family, offers: Sequence[tuple[str, str, str]], email: str) -> View:
    """The choice within a family. `offers`: (label, provider key or "", why it cannot be chosen now)."""
    blocks = [header(family.heading)]
    ready = [key for _, key, _ in offers if key]
    for label, key, reason in offers:
        if key:
            way = button(label, CHOOSE_PROVIDER, key, **_only(len(ready) == 1))
            blocks.append(section(f"*{esc(label)}*", way))
        else:
            blocks.append(section(f"*{esc(label)}*\n{esc(reason)}"))
    if not ready:
        blocks.append(actions(button("See all accounts", OPEN_HOME)))
    return modal(f"Link {family.name}"[:24], [*blocks, challenges(email)], screen=screen)


def _only(alone: bool) -> dict[str, str]:
    """The look of the one button that goes on."""
    return {"style": "primary"} if alone else {}


def form(screen: str, setup: Setup, ours: Ours, email: str, *, sent: bool = False) -> View:
    """Guide, what to copy, and the questions. `sent`: the file is on its way."""
    provider = setup.provider
    buttons = [
        button("ⓘ Information", GUIDE, setup.id, accessibility_label="Information: step-by-step setup guide")
    ]
    if url := provider.launch(setup.prepared, ours):
        buttons.append(button(provider.launch_label, LAUNCH, setup.id, url=url))
    elif provider.file_label:
        buttons.append(button(provider.file_label, SEND_FILE, setup.id))
    lead = (
        f"First give XOps access in {provider.family}: ⓘ Information shows each step. Then fill in this form."
    )
    blocks = [header(provider.heading), section(esc(lead)), actions(*buttons)]
    if sent:
        said = "The file is in your messages with XOps. Download it there, then go on with the steps."
        blocks.append(context(f":inbox_tray: {said}"))
    for name, label in provider.shown:
        blocks += [section(f"*{esc(label)}*"), copyable(setup.prepared[name])]
    if provider.shown:
        blocks.append(context("It belongs to this setup alone. ⓘ Information says where it goes."))
    blocks.append(text_input(NAME, provider.name_label, hint=NAME_HINT, value=setup.name, longest=200))
    blocks += [
        text_input(f.name, f.label, hint=f.hint, example=f.example, value=setup.answers.get(f.name, ""))
        for f in provider.fields
    ]
    blocks.append(challenges(email))
    return modal(
        "Link account", blocks, screen=screen, callback=FORM, submit="Connect", close="Cancel", ref=setup.id
    )


def guide(screen: str, setup: Setup, email: str) -> View:
    """Every step, in order, with what to copy."""
    blocks = [header(f"{setup.provider.heading}: setup guide")]
    for number, step in enumerate(setup.provider.guide, 1):
        blocks += _step(number, step, setup.prepared)
    return modal("Setup guide", [*blocks, divider(), challenges(email)], screen=screen, close="Back")


def _step(number: int, step: Step, prepared: Mapping[str, str]) -> list[Block]:
    title = f"*{number}. {esc(step.title)}*" + (" (optional)" if step.optional else "")
    text = f"{title}\n{esc(fill(step.text, prepared))}"
    if step.link:
        text += f"\n<{step.link}|Open the console for step {number}>"
    blocks = [section(text)]
    if step.command:
        blocks.append(copyable(fill(step.command, prepared)))
    if step.why:
        blocks.append(context(esc(step.why)))
    return blocks


def checking(screen: str, setup: Setup, report: Report | None) -> View:
    """The checks as they finish, and what to do about a refusal."""
    return modal("Link account", progress(setup, report, _ways_on(setup)), screen=screen, ref=setup.id)


def progress(setup: Setup, report: Report | None, ways: Sequence[Block] = ()) -> list[Block]:
    """Where the setup stands, for a modal or a message. What is wrong and the ways on stand above the checks."""
    blocks = [header(heading(setup)), context(called(setup))]
    if setup.state == "checking" and not setup.trying_until:
        return [*blocks, *(reports.checks(report, running=True) if report else []), *ways]
    if setup.state == "checking":
        blocks.append(section(f":repeat: {keep_trying(setup)}"))
    if report is None:
        return [*blocks, *ways]
    return [*blocks, *reports.problems(report), *ways, divider(), *reports.checks(report)]


def called(setup: Setup) -> str:
    """What is being linked, as mrkdwn."""
    return f"*{esc(setup.name)}* ({esc(setup.provider.name)})" if setup.name else esc(setup.provider.name)


def keep_trying(setup: Setup) -> str:
    """Until when we try by ourselves, as mrkdwn; nothing when we do not."""
    if setup.state != "checking" or setup.trying_until is None:
        return ""
    return f"We keep trying until {reports.clock_time(setup.trying_until)}."


def heading(setup: Setup) -> str:
    """Where the setup stands, in a few words."""
    if setup.state == "checking":
        return "Not connected yet" if setup.trying_until else f"Checking with {setup.provider.family}…"
    return {"done": "Connected", "stopped": "Stopped"}.get(setup.state, "Not connected")


def _ways_on(setup: Setup) -> list[Block]:
    if setup.state != "checking":
        return ways_on(setup)
    return [context("You can close this window; the result comes as a message."), *ways_on(setup)]


def ways_on(setup: Setup) -> list[Block]:
    """The buttons for where the setup stands, in a modal or a message."""
    again = button("Check again", CHECK_AGAIN, setup.id, style="primary")
    change = button("Change the answers", CHANGE, setup.id)
    stop = button("Stop", STOP, setup.id)
    if setup.state == "checking" and not setup.trying_until:
        return [actions(stop)]
    if setup.state == "checking":
        return [actions(again, change, stop)]
    if setup.instead:
        switch = button(f"Link as {setup.instead.kind}", SWITCH, setup.id, style="primary")
        return [actions(switch, change)]
    return [actions(again, change)] if setup.state == "prepared" else []


def connected_blocks(setup: Setup) -> list[Block]:
    """What is true now that the account is linked."""
    report = setup.report
    assert report is not None, "an account is linked by a report"
    return [
        header("Connected"),
        section(f"*{esc(setup.name)}* is connected to XOps as {esc(setup.provider.name)}."),
        section("\n".join((reports.HEALTH[report.health], *reports.facts(report.facts)))),
        *reports.problems(report),
        *reports.checks(report),
    ]


def connected(screen: str, setup: Setup) -> View:
    """The end of linking, with the next step."""
    more = actions(
        button("See all accounts", OPEN_HOME, style="primary"), button("Add Cloud Account", LINK_MORE)
    )
    return modal("Link account", [*connected_blocks(setup), more], screen=screen)


def already_linked(screen: str, setup: Setup) -> View:
    """The same account is linked: replace its role, or go back."""
    change = button("Change the answers", CHANGE, setup.id)
    if setup.may_replace:
        text = f"This account is already connected as *{esc(setup.linked_as)}*."
        replace = button("Replace the role", REPLACE, setup.id, style="primary")
        more = "Replace its role with the one you entered? The old one stays in use until the new one is verified."
        blocks = [header("Already connected"), section(f"{text}\n{more}"), actions(replace, change)]
    else:
        text = (
            "Somebody else has connected this account. Ask a workspace admin if its role has to be replaced."
        )
        blocks = [header("Already connected"), section(text), actions(change)]
    return modal("Link account", blocks, screen=screen, ref=setup.id)
