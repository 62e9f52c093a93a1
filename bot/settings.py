"""Everything that can be set from outside. The only reader of the environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from providers.base import Ours


class BadSettings(Exception):
    """The configuration cannot work; the message names every fault, one a line."""


def _var(name: str, default: Any, **more: Any) -> Any:
    """One setting, read from exactly this variable."""
    return Field(default, validation_alias=AliasChoices(name), **more)


class Settings(BaseSettings):
    """How this installation runs. Built once, passed along, never global."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    signing_secret: SecretStr = _var("SLACK_SIGNING_SECRET", SecretStr(""))
    bot_token: SecretStr = _var("SLACK_BOT_TOKEN", SecretStr(""))
    client_id: str = _var("SLACK_CLIENT_ID", "")
    slack_api_url: str = _var("SLACK_API_URL", "https://slack.com/api/")
    database_url: str = _var("XOPS_DATABASE_URL", "")
    data_dir: Path = _var("XOPS_DATA_DIR", Path("./data"))
    encryption_keys: SecretStr = _var("XOPS_ENCRYPTION_KEYS", SecretStr(""))
    aws_principal_arn: str = _var("XOPS_AWS_PRINCIPAL_ARN", "")
    aws_template_url: str = _var("XOPS_AWS_TEMPLATE_URL", "")
    support_email: str = _var("XOPS_SUPPORT_EMAIL", "support@axiomio.com")
    admin_group: str = _var("XOPS_ADMIN_GROUP", "")
    linker_group: str = _var("XOPS_LINKER_GROUP", "")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _var("XOPS_LOG_LEVEL", "INFO")
    log_format: Literal["json", "console"] = _var("XOPS_LOG_FORMAT", "json")

    @field_validator("signing_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 16:
            raise ValueError("must be set to your app's signing secret (16 characters or more)")
        return value

    @field_validator("bot_token")
    @classmethod
    def _a_bot_token(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith("xoxb-"):
            raise ValueError("must be set to the bot token of your app; it begins with xoxb-")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, value: str) -> str:
        if not re.match(r"https?://", value):
            raise ValueError("must be an address that begins with https:// (or http://)")
        return value.rstrip("/") + "/"

    @field_validator("database_url")
    @classmethod
    def _a_database_we_know(cls, value: str) -> str:
        if value and not re.match(r"(sqlite:///|postgresql(\+psycopg)?://)", value):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("aws_principal_arn")
    @classmethod
    def _an_identity(cls, value: str) -> str:
        if value and not re.fullmatch(r"arn:[a-z-]+:iam::\d{12}:(role|user)/[\w+=,.@/-]+", value, re.ASCII):
            raise ValueError(
                "must be the ARN of an IAM role or user, like arn:aws:iam::123456789012:role/xops"
            )
        return value

    @field_validator("aws_template_url")
    @classmethod
    def _an_s3_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https://[\w.-]+\.amazonaws\.com(\.cn)?/\S+", value, re.ASCII):
            raise ValueError("must be the https address of the template in S3")
        return value

    @field_validator("client_id")
    @classmethod
    def _one_workspace_only(cls, value: str) -> str:
        if value:
            raise ValueError("must not be set: installing in many workspaces comes later")
        return value

    @model_validator(mode="after")
    def _one_database(self) -> Settings:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_dir.resolve()}/xops.db")
        return self

    @property
    def ours(self) -> Ours:
        """What providers may know about this installation."""
        return Ours(principal_arn=self.aws_principal_arn, template_url=self.aws_template_url)

    @classmethod
    def load(cls) -> Settings:
        """The settings from the environment. Raises BadSettings with every fault at once."""
        try:
            return cls()
        except ValidationError as error:
            faults = [f"{cls._variable(e)} {_words(e)}" for e in error.errors(include_input=False)]
            raise BadSettings("\n".join(faults)) from None

    @classmethod
    def _variable(cls, error: Any) -> str:
        name = str(error["loc"][0]) if error["loc"] else ""
        alias = cls.model_fields[name].validation_alias if name in cls.model_fields else None
        return str(alias.choices[0]) if isinstance(alias, AliasChoices) else name


def _words(error: Any) -> str:
    return str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
