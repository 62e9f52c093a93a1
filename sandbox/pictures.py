"""`python -m sandbox.pictures [FOLDER]`: what people see, as pictures, taken of the real bot.

Without a folder the README's pictures are renewed in docs/pictures; with one, every picture goes there, to be looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sandbox.aws import AwsCloud
from sandbox.slack import Person, Screen, SlackServer, pictures
from sandbox.walk import MANAGEMENT, MEMBERS, running

README = ("form", "refused", "connected")
KEPT = Path("docs/pictures")
LONGEST = 61_440  # bytes of one picture
NOT_YET = {
    "code": "AccessDenied",
    "message": "User is not authorized to perform: sts:AssumeRole",
    "status": 403,
}
LONG_NAME = "本番環境 R&D: " + ("very long name of an account " * 2)[:53].strip()


class Album:
    """Takes a picture of what somebody has before them, under a name and with the next number."""

    def __init__(self, folder: Path, wanted: tuple[str, ...] = ()) -> None:
        self._folder, self._wanted, self._taken = folder, wanted, 0

    def take(self, name: str, screen: Screen | None, *, whispered: bool = False) -> None:
        """Save it, unless only others are wanted. Raises ValueError when it is too large for the repository."""
        self._taken += 1
        if screen is None or (self._wanted and name not in self._wanted):
            return
        path = self._folder / (f"{name}.png" if self._wanted else f"{self._taken:02}-{name}.png")
        pictures.photograph(pictures.page(pictures.shown(screen, whispered=whispered)), path)
        print(f"{path}  {path.stat().st_size} bytes", flush=True)
        if self._wanted and path.stat().st_size > LONGEST:
            raise ValueError(f"{path} is larger than {LONGEST} bytes")


def main() -> int:
    """Take the pictures; the exit code."""
    album = Album(Path(sys.argv[1])) if len(sys.argv) > 1 else Album(KEPT, README)
    with running() as (slack, cloud, _bot):
        cloud.organization(MANAGEMENT, MEMBERS)
        ada = slack.person("Ada Lovelace", admin=True)
        _from_the_first_screen_to_the_form(album, ada)
        arn = _stack(album, slack, cloud, ada)
        _checked_and_refused(album, cloud, ada, arn)
        grace = slack.person("Grace Hopper", admin=True)
        _long_name(album, cloud, grace, arn)
        _waiting_and_connected(album, cloud, ada, arn)
        _already_linked(album, slack, cloud, grace)
        _afterwards(album, cloud, ada, arn)
        _others(album, slack)
    return 0


def _from_the_first_screen_to_the_form(album: Album, ada: Person) -> None:
    ada.say("hello?")
    album.take("greeting", ada.wait_for("/xops", where="dm"))
    ada.command("/xops")
    album.take("first-screen", ada.wait_for("Select Your Preferred Cloud"))
    ada.click("AWS")
    album.take("account-type", ada.wait_for("Select AWS Account Type"))
    ada.click("Management Account")
    album.take("form", ada.wait_for("AWS Role ARN"))
    ada.click("ⓘ Information")
    album.take("guide", ada.wait_for("setup guide"))
    ada.back()


def _stack(album: Album, slack: SlackServer, cloud: AwsCloud, ada: Person) -> str:
    ada.click("Get the template")
    slack.wait_until(lambda: ada.files)
    album.take("file-sent", ada.wait_for("AWS Role ARN"))
    album.take("file", ada.wait_for("xops-role.yaml", where="dm"))
    arn = cloud.create_stack(MANAGEMENT, ada.files[-1].content.decode())
    _connect(ada, "Production", arn.replace(":role/", ":user/"))
    album.take("slip", ada.screen)
    return arn


def _checked_and_refused(album: Album, cloud: AwsCloud, ada: Person, arn: str) -> None:
    good = _trust(cloud, arn)
    cloud.edit_trust(
        arn, {**good, "Statement": [{k: v for k, v in good["Statement"][0].items() if k != "Condition"}]}
    )
    slow = cloud.slow("iam", seconds=2.5)
    _connect(ada, "Production", arn)
    album.take("checking", ada.wait_for("XOps can assume the role: ok"))
    slow.release()
    album.take("refused", ada.wait_for("Not connected"))
    album.take("refused-card", ada.wait_for("Not connected", where="dm"))
    ada.close()
    album.take("home-in-progress", _home(ada, "Setup in progress"))
    cloud.edit_trust(arn, good)
    ada.click("Resume", where="home")
    ada.wait_for("Not connected")
    ada.click("Change the answers")
    ada.wait_for("AWS Role ARN")


def _long_name(album: Album, cloud: AwsCloud, grace: Person, arn: str) -> None:
    grace.command("/xops link aws")
    grace.wait_for("Select AWS Account Type")
    grace.click("Management Account")
    grace.wait_for("AWS Role ARN")
    young = cloud.fault("sts", "AssumeRole", **NOT_YET)
    _connect(grace, LONG_NAME, arn)
    album.take("long-name", grace.wait_for("We keep trying until"))
    album.take("long-name-home", _home(grace, "Setup in progress"))
    grace.click("Stop")
    grace.wait_for("Not connected")
    young.release()


def _already_linked(album: Album, slack: SlackServer, cloud: AwsCloud, grace: Person) -> None:
    grace.click("Change the answers")
    grace.wait_for("AWS Role ARN")
    grace.click("Get the template")
    slack.wait_until(lambda: grace.files)
    template = grace.files[-1].content.decode()
    other = cloud.create_stack(MANAGEMENT, template, {"RoleName": "XopsSecond"}, name="xops-second")
    _connect(grace, LONG_NAME, other)
    album.take("already-linked", grace.wait_for("already connected"))
    grace.close()


def _waiting_and_connected(album: Album, cloud: AwsCloud, ada: Person, arn: str) -> None:
    young = cloud.fault("sts", "AssumeRole", **NOT_YET)
    _connect(ada, "Production", arn)
    album.take("waiting", ada.wait_for("We keep trying until"))
    album.take("waiting-card", ada.wait_for("We keep trying until", where="dm"))
    young.release()
    ada.click("Check again")
    album.take("connected", ada.wait_for("is connected to XOps"))
    album.take("connected-card", ada.wait_for("is connected to XOps", where="dm"))


def _afterwards(album: Album, cloud: AwsCloud, ada: Person, arn: str) -> None:
    ada.close()
    album.take("home", _home(ada, "Production"))
    ada.command("/xops check production")
    album.take("check", ada.wait_for("Healthy"))
    ada.click("See all accounts")
    album.take("all-accounts", ada.wait_for("Integrations"))
    ada.click("Add Cloud Account")
    ada.wait_for("Select Your Preferred Cloud")
    ada.click("AWS")
    album.take("account-type-later", ada.wait_for("Select AWS Account Type"))
    ada.close()
    cloud.forbid(MANAGEMENT, "eks:ListClusters")
    ada.command("/xops check production")
    album.take("check-warning", ada.wait_for("Warning"))
    ada.close()
    album.take("home-warning", _home(ada, "Warning"))
    cloud.delete_role(arn)
    ada.command("/xops check production")
    album.take("check-failed", ada.wait_for("Failed"))
    ada.close()
    album.take("home-failed", _home(ada, "Failed"))


def _others(album: Album, slack: SlackServer) -> None:
    for name, facts, says in (
        ("guest", {"guest": True}, "not open to you"),
        ("member", {}, "Workspace admins"),
    ):
        person = slack.person(f"Max {name.title()}", **facts)
        person.command("/xops")
        album.take(name, person.wait_for(says))
        person.close()
        person.command("/xops link aws")
        album.take(f"{name}-refused", person.wait_for("You may not do this"))
    ada = slack.person("Ada Byron", admin=True)
    for name, line in (("help", "/xops help"), ("help-unknown", "/xops lnk")):
        ada.command(line)
        album.take(name, ada.wait_for("/xops help", where="ephemeral"), whispered=True)


def _connect(person: Person, name: str, arn: str) -> None:
    person.fill("AWS Account Name", name)
    person.fill("AWS Role ARN", arn)
    person.submit("Connect")


def _home(person: Person, text: str) -> Screen:
    person.open_home()
    return person.wait_for(text, where="home")


def _trust(cloud: AwsCloud, arn: str) -> dict[str, Any]:
    role = cloud.console(arn.split(":")[4], "iam").get_role(RoleName=arn.rpartition("/")[2])
    found: dict[str, Any] = role["Role"]["AssumeRolePolicyDocument"]
    return found


if __name__ == "__main__":
    sys.exit(main())
