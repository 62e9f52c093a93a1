"""The door before anybody's words are read: who may come in, and what is said to those who may not."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from sandbox.slack import Person
from tests.harness.raw import JSON, Raw, Said, everything, form, send, signed, spoken, talk
from tests.harness.world import World

MARK = "Zanzibar-4711"  # in every hostile body: it must not come out anywhere
HELP = urlencode(
    {"command": "/xops", "text": "help", "team_id": "T0XOPS", "user_id": "U1", "trigger_id": "1.2"}
).encode()
Change = Callable[[Raw], Raw]


def stamped(value: str | bytes) -> Change:
    """The same request with another timestamp."""
    return lambda request: request.again(**{"X-Slack-Request-Timestamp": value})


def sealed(change: Callable[[str], str | bytes]) -> Change:
    """The same request with a changed signature."""
    return lambda request: request.again(
        **{"X-Slack-Signature": change(str(request.headers["X-Slack-Signature"]))}
    )


UNSIGNED: dict[str, Change] = {
    "no headers": lambda request: Raw(request.body, {"Content-Type": "application/json"}),
    "no signature": lambda request: request.without("X-Slack-Signature"),
    "no timestamp": lambda request: request.without("X-Slack-Request-Timestamp"),
    "another secret": lambda request: signed(request.body, secret="0" * 32),
    "no secret": lambda request: signed(request.body, secret=""),
    "another body": lambda request: Raw(request.body + b"&x=1", request.headers),
    "timestamp a word": stamped("abc"),
    "timestamp empty": stamped(""),
    "timestamp 1e9": stamped("1e9"),
    "timestamp negative": stamped("-1795500000"),
    "timestamp with a fraction": stamped("1795500000.5"),
    "timestamp of 5,000 digits": stamped("1" * 5000),
    "timestamp in Arabic digits": stamped("١٧٩٥٥٠٠٠٠٠".encode()),
    "timestamp with a space": stamped("1795500000 1"),
    "signature empty": sealed(lambda _: ""),
    "signature of another version": sealed(lambda good: good.replace("v0=", "v1=")),
    "signature without version": sealed(lambda good: good.removeprefix("v0=")),
    "signature in capitals": sealed(lambda good: "v0=" + good[3:].upper()),
    "signature cut": sealed(lambda good: good[:-1]),
    "signature too long": sealed(lambda good: good + "0"),
    "signature of zeros": sealed(lambda _: "v0=" + "0" * 64),
    "signature in full-width digits": sealed(lambda good: good.replace("0", "０").encode()),
    "signature of 100,000 letters": sealed(lambda _: "v0=" + "a" * 100_000),
    "signature twice": sealed(lambda good: f"{good}, {good}"),
    "stale": lambda request: signed(request.body, ago=301),
    "from the future": lambda request: signed(request.body, ago=-302),
    "of another day": lambda request: signed(request.body, ago=86400),
}


@pytest.mark.parametrize("body", [HELP, b'{"x": "' + MARK.encode() + b'"}'], ids=["form", "json"])
def test_what_slack_did_not_sign_is_refused(world: World, body: bytes) -> None:
    before, spoke = everything(world), spoken(world)
    answers = {name: send(world, change(signed(body))) for name, change in UNSIGNED.items()}
    assert {name: said for name, said in answers.items() if said.status != 401} == {}
    assert not [said for said in answers.values() if MARK.encode() in said.body]
    log = spoken(world)[len(spoke) :]
    assert MARK not in log
    assert all(json.loads(line)["status"] == 401 and len(line) <= 200 for line in log.splitlines())
    assert everything(world) == before


@pytest.mark.parametrize("ago", [-298, 0, 298])
def test_five_minutes_either_way_are_accepted(world: World, ago: int) -> None:
    said = send(world, signed(HELP, ago=ago))
    assert said.status == 200
    assert "/xops link" in said.json["text"]


# Signed, but not a request of Slack's. Nothing of it reaches Bolt, which answers some of these with 500.
MALFORMED: dict[str, tuple[int, Callable[[], Raw]]] = {
    "nothing": (200, lambda: signed(b"")),
    "bad json": (400, lambda: signed(b"{bad json", JSON)),
    "bad json as a form": (400, lambda: signed(b"{bad json")),
    "a string": (400, lambda: signed(b'"x"', JSON)),
    "a number": (400, lambda: signed(b"1", JSON)),
    "a number too large to convert": (400, lambda: signed(b"1" * 5000, JSON)),
    "null": (400, lambda: signed(b"null", JSON)),
    "a list": (400, lambda: signed(b"[]", JSON)),
    "100,000 brackets": (400, lambda: signed(b"[" * 100_000, JSON)),
    "100,000 braces": (400, lambda: signed(b'{"a":' * 100_000, JSON)),
    "payload not json": (400, lambda: signed(b"payload=notjson")),
    "payload a list": (400, lambda: signed(b"payload=%5B1%5D")),
    "payload a string": (400, lambda: signed(b"payload=%22x%22")),
    "payload empty": (400, lambda: signed(b"payload=")),
    "payload of 100,000 brackets": (400, lambda: signed(b"payload=" + b"[" * 100_000)),
    "payload twice": (400, lambda: signed(b"payload=%7B%7D&payload=%7B%7D")),
    "a field twice": (400, lambda: signed(HELP + b"&team_id=T0OTHER")),
    "a field twice, written otherwise": (400, lambda: signed(HELP + b"&team%5Fid=T0OTHER")),
    "101 fields": (400, lambda: signed("&".join(f"f{number}=" for number in range(101)).encode())),
    "no form at all": (400, lambda: signed(b"hello")),
    "not UTF-8": (400, lambda: signed(b"\xff\xfe\x00", JSON)),
    "not UTF-8 in a field": (400, lambda: signed(HELP + b"&x=%ff")),
    "not UTF-8 in the payload": (400, lambda: signed(b"payload=%7B%22x%22%3A%22%ff%22%7D")),
    "UTF-16": (400, lambda: signed('{"type": "x"}'.encode("utf-16"), JSON)),
    "an object of nothing": (200, lambda: signed(b"{}", JSON)),
}


def test_what_is_signed_but_malformed_is_refused(world: World) -> None:
    before = everything(world)
    answers = {name: (status, send(world, make())) for name, (status, make) in MALFORMED.items()}
    assert {name: said for name, (status, said) in answers.items() if said.status != status} == {}
    assert max(len(said.body) for _, said in answers.values()) < 200
    assert everything(world) == before


def test_a_mebibyte_is_read_and_a_byte_more_is_not(world: World) -> None:
    body = HELP + b"&x=" + b"x" * ((1 << 20) - len(HELP) - 3)
    assert send(world, signed(body)).status == 200
    # 0: it hung up while we were still sending.
    assert send(world, signed(body + b"x")).status in (413, 0)
    assert talk(world, lines(f"Content-Length: {len(body) + 1}", request=signed(body + b"x"))).status == 413


def test_other_methods_and_paths_are_refused(world: World) -> None:
    for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"):
        assert send(world, signed(HELP), method=method).status == 405, method
    for path in ("/", "/slack/events/", "/slack//events", "/SLACK/events", "/healthz", "/metrics", "/%00"):
        assert send(world, signed(HELP), path=path).status == 404, path


def lines(*more: str, request: Raw | None = None) -> bytes:
    """A request head written by hand."""
    given = request or signed(HELP)
    kept = [f"{name}: {value}" for name, value in given.headers.items()]
    return "\r\n".join(["POST /slack/events HTTP/1.1", "Host: x", *kept, *more, "", ""]).encode()


def test_the_length_of_a_body_is_taken_at_its_word(world: World) -> None:
    for wrong in ("-1", "abc", "1_0", "٣", "99999999999999999999"):
        assert talk(world, lines(f"Content-Length: {wrong}") + HELP).status in (400, 413), wrong
    assert talk(world, lines()).status == 401, "without a length there is no body, and so another signature"


def test_a_chunked_body_is_checked_as_a_whole(world: World) -> None:
    head = lines("Transfer-Encoding: chunked", "Connection: close")
    half = len(HELP) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (HELP[:half], HELP[half:]))
    assert talk(world, head + chunks + b"0\r\n\r\n").status == 200
    assert talk(world, head + chunks.replace(b"help", b"link") + b"0\r\n\r\n").status == 401
    assert talk(world, head + b"zz\r\n").status == 400


def test_a_header_that_comes_twice_is_no_signature(world: World) -> None:
    assert (
        talk(world, lines(f"Content-Length: {len(HELP)}", "X-Slack-Signature: v0=" + "0" * 64) + HELP).status
        == 401
    )


def test_control_characters_make_no_lines_in_the_log(world: World) -> None:
    spoke = spoken(world)
    for path in ("/%0d%0aWARNING%20forged", "/%1b[31mred", "/%e2%80%a8"):
        send(world, signed(HELP), path=path)
    send(
        world,
        form(
            {
                "command": "/xops",
                "text": "a\r\n\x1b[31mb",
                "team_id": "T\r\n",
                "user_id": "U",
                "trigger_id": "1",
            }
        ),
    )
    log = spoken(world)[len(spoke) :]
    assert log
    assert all(isinstance(json.loads(line), dict) for line in log.splitlines())


def test_answers_tell_nothing_about_the_server(world: World) -> None:
    with socket.create_connection(("127.0.0.1", world.bot.port), 5) as link:
        link.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: link.recv(65536), b"")).lower()
    assert b"server:" not in answer
    assert b"waitress" not in answer
    assert b"python" not in answer


def test_idle_connections_keep_nobody_out(world: World) -> None:
    """More than a hundred strangers who send half a request and wait."""
    idle = [socket.create_connection(("127.0.0.1", world.bot.port), 5) for _ in range(150)]
    for link in idle:
        link.sendall(b"POST /slack/events HTTP/1.1\r\nContent-Length: 100\r\n\r\nx")
    said = send(world, signed(HELP), patience=3)
    for link in idle:
        link.close()
    assert said.status == 200
    assert said.seconds < 1


@pytest.mark.slow
def test_a_client_that_sends_half_a_request_is_hung_up_on(world: World) -> None:
    with socket.create_connection(("127.0.0.1", world.bot.port), 25) as link:
        link.sendall(b"POST /slack/events HTTP/1.1\r\nContent-Length: 100\r\n\r\nx")
        assert link.recv(1) == b""


def test_the_address_is_verified(world: World) -> None:
    answer = world.slack.verify_url()
    assert answer.ok
    assert answer.text == "3eZbrw1aBm2rZgRNFdxV2595E9"


def test_the_address_is_verified_for_slack_only(world: World) -> None:
    for challenge in (MARK, ["x"], None, {"a": 1}, "\ud83d", "x" * 5000):
        body = json.dumps({"type": "url_verification", "challenge": challenge}).encode()
        assert send(world, Raw(body, {"Content-Type": JSON})).status == 401
        said: Said = send(world, signed(body, JSON))
        assert said.status == 200
        assert len(said.body) <= 256


def test_a_check_of_the_certificate_is_answered_for_slack_only(world: World) -> None:
    assert send(world, Raw(b"ssl_check=1&token=x", {})).status == 401
    assert send(world, signed(b"ssl_check=1&token=x")).status == 200


@pytest.mark.parametrize("text", ['payload={"type":"block_actions"}', "payload", "help payload=1&payload=2"])
def test_the_word_payload_in_a_command_is_a_word(world: World, admin: Person, text: str) -> None:
    answer = admin.command(f"/xops {text}")
    assert "/xops link" in answer.json["text"]


def test_a_command_in_a_channel_named_payload(world: World, admin: Person) -> None:
    admin.command("/xops", channel=world.slack.channel("payload-ops", [admin]))
    admin.wait_for("Select Your Preferred Cloud Service or Platform")
