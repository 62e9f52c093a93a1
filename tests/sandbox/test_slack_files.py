"""Files and response_url: what comes and goes beside the Web API."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from sandbox.slack import Person, SlackServer
from tests.sandbox.block_kit import button
from tests.sandbox.test_slack_views import refused
from tests.sandbox.tiny_bot import TOKEN, TinyBot


def test_upload_and_download(client: WebClient, ada: Person) -> None:
    content = os.urandom(3000)
    dm = client.conversations_open(users=ada.id)["channel"]["id"]
    answer = client.files_upload_v2(
        channel=dm, filename="key.cer", content=content, initial_comment="Your key"
    )  # type: ignore[arg-type]
    assert [(file.name, file.content) for file in ada.files] == [("key.cer", content)]
    assert "Your key\nkey.cer" in ada.dms[-1].shown
    url = client.files_info(file=answer["file"]["id"])["file"]["url_private"]
    with urllib.request.urlopen(
        urllib.request.Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
    ) as reply:
        assert reply.read() == content
    with urllib.request.urlopen(url) as reply:
        assert b"Sign in" in reply.read()


def test_uploads_that_are_refused(client: WebClient, ada: Person, slack: SlackServer) -> None:
    channel = slack.channel("cloud-team")
    upload: dict[str, Any] = {"filename": "a.txt", "content": "hello"}
    for target, error in ((ada.id, "channel_not_found"), (channel.id, "not_in_channel")):
        assert refused(client.files_upload_v2, channel=target, **upload)["error"] == error
    ticket = client.files_getUploadURLExternal(filename="a.txt", length=5)
    early = refused(client.files_completeUploadExternal, files=[{"id": ticket["file_id"]}])
    assert early["error"] == "file_not_found"
    wrong = urllib.request.Request(ticket["upload_url"], b"four")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(wrong).close()
    urllib.request.urlopen(ticket["upload_url"], b"hello").close()
    for harm, error in (
        ({"channels": ",".join(f"C{number}" for number in range(101))}, "channels_limit_exceeded"),
        ({"channels": "C1,C2", "thread_ts": "1.000000"}, "invalid_arguments"),
    ):
        answer = refused(client.files_completeUploadExternal, files=[{"id": ticket["file_id"]}], **harm)
        assert answer["error"] == error
    unknown = refused(client.files_completeUploadExternal, files=[{"id": ticket["file_id"], "colour": "red"}])
    assert unknown["error"] == "invalid_arguments"
    assert refused(client.files_info, file="F0NONE")["error"] == "file_not_found"
    assert (
        refused(client.files_getUploadURLExternal, filename="a.txt", length=0)["error"] == "missing_argument"
    )
    assert (
        refused(client.files_getUploadURLExternal, filename="a.txt", length=1, alt_txt="x" * 1001)["error"]
        == "alt_txt_too_large"
    )
    assert ada.files == []


def test_a_multipart_upload(client: WebClient, ada: Person) -> None:
    content = b"\r\n--binary\r\n\x00\xff\n"
    ticket = client.files_getUploadURLExternal(filename="a.bin", length=len(content))
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
        + content
        + b"\r\n--b--\r\n"
    )
    request = urllib.request.Request(
        ticket["upload_url"], body, {"Content-Type": "multipart/form-data; boundary=b"}
    )
    urllib.request.urlopen(request).close()
    dm = client.conversations_open(users=ada.id)["channel"]["id"]
    client.files_completeUploadExternal(files=[{"id": ticket["file_id"], "title": "A"}], channel_id=dm)
    assert ada.files[-1].content == content
    again = refused(client.files_completeUploadExternal, files=[{"id": ticket["file_id"]}], channel_id=dm)
    assert again["error"] == "file_not_found"


def test_a_response_url_is_good_for_five_uses_in_half_an_hour(
    ada: Person, bot: TinyBot, slack: SlackServer
) -> None:
    ada.command("/xops")
    hook = WebhookClient(bot.heard[-1]["response_url"])
    assert hook.send(text="").status_code == 400
    assert hook.send(text="x", blocks=[{"type": "header"}]).status_code == 400
    assert [hook.send(text=f"{number}").status_code for number in range(4)] == [200, 200, 200, 404]
    assert [message.text for message in ada.ephemerals] == ["0", "1", "2"]
    ada.command("/xops")
    hook = WebhookClient(bot.heard[-1]["response_url"])
    slack.advance(1795)
    assert hook.send(text="just in time").status_code == 200
    slack.advance(6)
    late = hook.send(text="late")
    assert (late.status_code, '"expired_url"' in late.body) == (404, True)


def test_a_response_url_wants_a_message(ada: Person, bot: TinyBot) -> None:
    ada.command("/xops")
    url = bot.heard[-1]["response_url"]
    for body in (b'["text"]', b'{"text": ["x"]}', b'{"text": "x", "response_type": "loud"}'):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(
                urllib.request.Request(url, body, {"Content-Type": "application/json"})
            ).close()
        with caught.value as answer:
            assert b"invalid_payload" in answer.read()


def test_a_response_url_changes_the_message_that_was_pressed(
    client: WebClient, ada: Person, bot: TinyBot
) -> None:
    client.chat_postMessage(channel=ada.id, text="Retry?", blocks=[button("Retry")])
    ada.click("Retry")
    hook = WebhookClient(bot.heard[-1]["response_url"])
    hook.send(text="Retrying", replace_original=True)
    assert [(message.text, message.buttons) for message in ada.dms] == [("Retrying", [])]
    hook.send(text="In public", response_type="in_channel")
    assert [message.text for message in ada.dms] == ["Retrying", "In public"]
    hook.send(delete_original=True)
    assert [message.text for message in ada.dms] == ["In public"]


def test_what_the_sdk_makes_of_a_failed_upload(client: WebClient, ada: Person, slack: SlackServer) -> None:
    dm = client.conversations_open(users=ada.id)["channel"]["id"]
    slack.fault("files.upload", status=503)
    with pytest.raises((SlackRequestError, SlackApiError, OSError)):
        client.files_upload_v2(channel=dm, filename="a.txt", content="hello")
    assert ada.files == []
