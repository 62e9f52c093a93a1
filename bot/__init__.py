"""The Slack side of XOps: the only place that knows providers and store."""
