"""One transaction of one workspace: the parts put together. No queries of its own."""

from store.audit import Audit
from store.drafts import Drafts
from store.ledger import Ledger
from store.names import Names
from store.people import People
from store.retention import Retention


class Work(Ledger, People, Names, Drafts, Audit, Retention):
    """Everything one workspace's transaction can do. Rows it returns may be read after the transaction ended."""
