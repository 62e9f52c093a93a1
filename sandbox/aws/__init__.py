"""AWS for the sandbox and the tests: MiniStack, and before it a layer with an organization and faults."""

from sandbox.aws.cloud import AwsCloud
from sandbox.aws.faults import Fault
from sandbox.aws.organization import Organization
from sandbox.aws.wire import Call

__all__ = ["AwsCloud", "Call", "Fault", "Organization"]
