"""A stand-in for Slack over real HTTP that refuses what Slack refuses, and the language stories are told in.

    with SlackServer(signing_secret=SECRET, bot_token="xoxb-…") as slack:
        slack.bot_url = "http://127.0.0.1:3000/slack/events"
        ada = slack.person("Ada Lovelace", admin=True)
        ada.command("/xops link aws")
        ada.wait_for("Select AWS Account Type")
        ada.click("Management Account")
        ada.fill("AWS Account Name", "prod")
        ada.submit("Connect")

Not here: Socket Mode (the seam is `sender.Sender`), OAuth installation, several workspaces, Enterprise Grid,
attachments' looks, pictures, app_mention, workflows, shortcuts, and block types of `blockkit.blocks`' docstring.
"""

from .call import Called
from .errors import (
    ConfirmNeeded,
    FieldInvalid,
    FieldRequired,
    NotOnScreen,
    OperationTimeout,
    StoryError,
    TroubleConnecting,
)
from .faults import Fault
from .models import Channel, File, Message, Usergroup
from .people import Person
from .screen import Screen
from .sender import Answer, Request
from .server import SlackServer

__all__ = [
    "Answer",
    "Called",
    "Channel",
    "ConfirmNeeded",
    "Fault",
    "FieldInvalid",
    "FieldRequired",
    "File",
    "Message",
    "NotOnScreen",
    "OperationTimeout",
    "Person",
    "Request",
    "Screen",
    "SlackServer",
    "StoryError",
    "TroubleConnecting",
    "Usergroup",
]
