"""What can be typed into "AWS Role ARN"."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from providers.aws import ROLE_ARN
from providers.base import Invalid, Ours

OURS = Ours(principal_arn="arn:aws:iam::999999999999:role/xops")
ROLE = "arn:aws:iam::123456789012:role/"
SSO = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"

GOOD = [
    ROLE + "XopsReadOnly",
    ROLE + "team/a/Xops",
    ROLE + "a+b=c,d.e@f-g_h",
    ROLE + "X" * 64,
    ROLE + "p" * 510 + "/X",
]


@pytest.mark.parametrize("arn", GOOD)
@pytest.mark.parametrize("around", ["{}", "  {}\n", "\u00a0{}\u200b", "\ufeff{}\r\n"])
def test_a_role_arn_is_taken_trimmed(arn: str, around: str) -> None:
    assert ROLE_ARN.read(around.format(arn), OURS) == arn


ARABIC = "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660\u0661\u0662"
BAD = [
    ("", "not a Role ARN"),
    ("XopsReadOnly", "not a Role ARN"),
    ("arn:aws:iam::123456789012:user/ada", "user's ARN"),
    ("arn:aws:iam::123456789012:root", "not a role's"),
    ("arn:aws:iam::123456789012:policy/X", "not a role's"),
    ("arn:aws:iam::123456789012:instance-profile/X", "not a role's"),
    ("arn:aws:sts::123456789012:assumed-role/X/session", "ARN of a session"),
    ("arn:aws:cloudformation:us-east-1:123456789012:stack/xops-link/5a6b", "stack's ARN"),
    ("arn:aws:s3:::bucket", "not IAM's"),
    ("https://console.aws.amazon.com/iam/home#/roles/details/XopsReadOnly", "a link"),
    (f'"{ROLE}X"', "quotation marks"),
    (f"\u201c{ROLE}X\u201d", "quotation marks"),
    (f"'{ROLE}X'", "quotation marks"),
    (f"`{ROLE}X`", "quotation marks"),
    ("arn:aws:iam:: 123456789012:role/X", "a space"),
    ("arn:aws:iam::123456789012:role/\u2003X", "a space"),
    ("arn:aws:iam::123456789012:role/X Y", "a space"),
    (f"{ROLE}X\n{ROLE}Y", "a space"),
    (f"arn:aws:iam::{ARABIC}:role/X", "not plain ASCII"),
    ("arn:aws:iam::12345678901\uff12:role/X", "not plain ASCII"),
    (f"{ROLE}Caf\u00e9", "not plain ASCII"),
    (f"{ROLE}X\ud83d", "not plain ASCII"),
    ("arn:aws:iam::12345678901:role/X", "12 digits"),
    ("arn:aws:iam::1234567890123:role/X", "12 digits"),
    ("arn:aws:iam::1234-5678-9012:role/X", "12 digits"),
    ("ARN:AWS:IAM::123456789012:ROLE/X", "small letters"),
    ("arn:aws:iam::123456789012:Role/X", "small letters"),
    ("arn:aws:iam::000000000000:role/X", "placeholder"),
    ("arn:aws:iam::999999999999:role/X", "account of XOps itself"),
    ("arn:aws-cn:iam::123456789012:role/X", "partition aws-cn"),
    ("arn:aws-us-gov:iam::123456789012:role/X", "partition aws-us-gov"),
    ("arn:aws-none:iam::123456789012:role/X", "not a Role ARN"),
    ("arn:aws@evil.example:iam::123456789012:role/X", "not a Role ARN"),
    ("arn:aws.evil.example:iam::123456789012:role/X", "not a Role ARN"),
    (ROLE + SSO, "reserved by AWS"),
    (ROLE + "aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport", "reserved by AWS"),
    (ROLE + "a//X", "an empty part or dots"),
    (ROLE + "/X", "an empty part or dots"),
    (ROLE + "./X", "an empty part or dots"),
    (ROLE + "../X", "an empty part or dots"),
    (ROLE + "a/../X", "an empty part or dots"),
    (ROLE + "a/..", "an empty part or dots"),
    (ROLE, "not a Role ARN"),
    (ROLE + "a/", "not a Role ARN"),
    (ROLE + "X&ExternalId=other", "not a Role ARN"),
    (ROLE + "X" * 65, "not a Role ARN"),
    (ROLE + "p" * 511 + "/X", "not a Role ARN"),
    (ROLE + "X\x00", "not plain ASCII"),
]


@pytest.mark.parametrize(("typed", "said"), BAD, ids=[repr(typed)[:60] for typed, _ in BAD])
def test_each_slip_has_its_own_sentence(typed: str, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ROLE_ARN.read(typed, OURS)
    sentence = str(refusal.value)
    assert said in sentence
    assert sentence.endswith(".")
    assert len(sentence) <= 150


def test_other_partitions_are_taken_where_they_are_enabled() -> None:
    arn = "arn:aws-cn:iam::123456789012:role/X"
    assert ROLE_ARN.read(arn, Ours(partition="aws-cn")) == arn
    with pytest.raises(Invalid, match="partition aws "):
        ROLE_ARN.read(ROLE + "X", Ours(partition="aws-cn"))


def test_without_a_known_principal_no_account_is_our_own() -> None:
    assert ROLE_ARN.read("arn:aws:iam::999999999999:role/X", Ours())


fragments = st.sampled_from(
    [
        ROLE,
        "arn:",
        "aws",
        ":iam::",
        "role/",
        "123456789012",
        "/",
        "..",
        " ",
        '"',
        "user/",
        "X",
        "\u200b",
        "\n",
    ]
)


@given(st.one_of(st.text(), st.lists(fragments, max_size=12).map("".join), st.from_regex(ROLE_ARN.pattern)))
@example("arn:aws:iam::123456789012:role/X")
@example("\ud800")
def test_reading_refuses_or_settles(typed: str) -> None:
    try:
        value = ROLE_ARN.read(typed, OURS)
    except Invalid:
        return
    assert ROLE_ARN.read(value, OURS) == value
    assert value.isascii()
    assert value in typed


@pytest.mark.parametrize(
    "bait", ["a", "/", "./", ":", " ", "\u200b", '"', "arn:", "\u0661", ROLE, "arn:aws:iam::1"]
)
def test_long_text_takes_time_in_proportion(bait: str) -> None:
    def seconds(size: int) -> float:
        typed = ROLE + bait * (size // len(bait))
        started = time.perf_counter()
        with pytest.raises(Invalid):
            ROLE_ARN.read(typed, OURS)
        return time.perf_counter() - started

    assert min(seconds(1_000_000) for _ in range(3)) < 0.5
