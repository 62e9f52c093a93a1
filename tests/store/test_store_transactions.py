"""One transaction of one workspace: all or nothing, nothing lost, bounded waits."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from store import Conflict, Draft, Store

Together = Callable[[int, Callable[[int], Any]], list[Any]]


sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


def begun(store: Store, user_id: str = "U1") -> str:
    with store.begin("T1") as work:
        return work.begin_draft(user_id, "aws").id


@pytest.mark.parametrize("lock", [True, False], ids=["locked", "compare-and-set"])
def test_eight_threads_increment_one_row_and_lose_nothing(
    store: Store, together: Together, lock: bool
) -> None:
    draft_id = begun(store)

    def increment(_: int) -> None:
        done = 0
        while done < 25:
            try:
                with store.begin("T1") as work:
                    draft = work.draft(draft_id, lock=lock)
                    assert draft is not None
                    if not lock:
                        work.expect(draft, draft.revision)
                    draft.attempt += 1
                    draft.revision += 1
                done += 1
            except Conflict:
                assert not lock

    together(8, increment)
    with store.begin("T1") as work:
        draft = work.draft(draft_id)
        assert draft is not None
        assert draft.attempt == 200


def test_a_request_delivered_eight_times_has_one_effect_and_one_answer(
    store: Store, together: Together
) -> None:
    draft_id = begun(store)

    def deliver(number: int) -> dict[str, Any] | None:
        with store.begin("T1") as work:
            saved = work.claim("Ev1")
            if saved:
                return saved.answer
            draft = work.draft(draft_id, lock=True)
            assert draft is not None
            draft.attempt += 1
            time.sleep(0.05)
            work.save_answer("Ev1", {"by": number})
            return {"by": number}

    answers = together(8, deliver)
    assert len({answer["by"] for answer in answers}) == 1
    with store.begin("T1") as work:
        draft = work.draft(draft_id)
        assert draft is not None
        assert draft.attempt == 1


def test_a_delivery_that_rolls_back_leaves_the_request_to_the_next(store: Store) -> None:
    def deliver() -> None:
        with store.begin("T1") as work:
            assert work.claim("Ev1") is None
            raise RuntimeError

    with pytest.raises(RuntimeError):
        deliver()
    with store.begin("T1") as work:
        assert work.claim("Ev1") is None
        work.save_answer("Ev1", None)
    with store.begin("T1") as work:
        saved = work.claim("Ev1")
        assert saved is not None
        assert saved.answer is None
    with store.begin("T2") as work:
        assert work.claim("Ev1") is None, "another workspace has its own ledger"
        with pytest.raises(LookupError):
            work.save_answer("Ev2", {})


def test_one_open_draft_per_person_and_provider(store: Store, together: Together) -> None:
    def begin(number: int) -> str:
        with store.begin("T1") as work:
            return work.begin_draft("U1", "aws", prepared={"n": number}, state="prepared").id

    assert len(set(together(8, begin))) == 1


def test_any_exception_rolls_everything_back(store: Store) -> None:
    def fail() -> None:
        with store.begin("T1") as work:
            work.begin_draft("U1", "aws").name = "x"
            work.save_setting("a", 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.begin("T1") as work:
        assert work.drafts_of("U1") == []
        assert work.setting("a") is None


def test_the_gate_is_asked_last_and_may_refuse(store: Store) -> None:
    statements: list[str] = []
    asked_after: list[int] = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    def gate() -> None:
        asked_after.append(len(statements))

    with store.begin("T1", gate=gate) as work:
        draft = work.begin_draft("U1", "aws")
        draft.name = "flushed before the gate"
    assert asked_after == [len(statements)]
    assert statements[-1].startswith("UPDATE draft")

    def refuse() -> None:
        raise TimeoutError

    def rename() -> None:
        with store.begin("T1", gate=refuse) as work:
            again = work.draft(draft.id)
            assert again is not None
            again.name = "never"

    with pytest.raises(TimeoutError):
        rename()
    with store.begin("T1") as work:
        again = work.draft(draft.id)
        assert again is not None
        assert again.name == "flushed before the gate"


def test_rows_may_be_read_after_the_transaction(store: Store) -> None:
    with store.begin("T1") as work:
        draft = work.begin_draft("U1", "aws")
        draft.answers["role"] = "r"
        draft.state = "prepared"
    assert (draft.state, dict(draft.answers), draft.user_id) == ("prepared", {"role": "r"}, "U1")
    assert draft.updated_at >= draft.created_at


def test_other_database_errors_come_as_they_are(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError) as error, store.begin("nowhere") as work:
        work.save_setting("a", "SECRET-VALUE")
    assert "SECRET-VALUE" not in str(error.value), "hidden parameters"


def test_a_foreign_row_is_not_found(store: Store) -> None:
    with store.begin("T1") as work:
        draft = work.begin_draft("U1", "aws")
        account = work.add_account("aws", "1", name="n", owner_id="U1")
        work.seal_secret(account.id, {"pem": "x"})
        work.reserve_name("n", account.id)
        work.audit("XL001I", "account.link")
    with store.begin("T2") as work:
        assert work.draft(draft.id) is None
        assert work.draft(draft.id, lock=True) is None
        assert work.account(account.id) is None
        assert work.account_by_identity("aws", "1") is None
        assert work.secret(account.id) == {}
        assert work.destroy_secret(account.id) is False
        assert work.delete_account(account) is False
        assert work.name_holder("n") is None
        assert work.audit_entries() == []
        assert work.accounts() == []
        work.free_name(account.id)
        with pytest.raises(Conflict):
            work.expect(draft, 1)
    with store.begin("T1") as work:
        assert work.secret(account.id) == {"pem": "x"}
        assert work.name_holder("n") == account.id
        assert isinstance(work.draft(draft.id), Draft)
