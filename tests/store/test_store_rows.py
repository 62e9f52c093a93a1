"""What the methods of Work and System keep and give back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from store import Conflict, Person, Store

Together = Callable[[int, Callable[[int], Any]], list[Any]]


NOW = datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC)


def test_an_installation_is_replaced_in_place(store: Store) -> None:
    with store.system() as system:
        first = system.installation("T1")
        assert first is not None
        assert (first.name, first.bot_id, first.bot_user_id, first.enterprise_id) == (
            "Team T1",
            "B1",
            "U0",
            None,
        )
        assert first.bot_token == "xoxb-T1-token"
        assert system.installation("T3") is None
        assert system.workspaces() == ["T1", "T2"]
    with store.begin("T1") as work:
        work.audit("XI001I", "installed")
    with store.system() as system:
        system.install("T1", "Renamed", "E1", "B2", "U9", None)
        again = system.installation("T1")
        assert again is not None
        assert (again.name, again.enterprise_id, again.bot_id, again.bot_token) == (
            "Renamed",
            "E1",
            "B2",
            None,
        )
        assert again.installed_at > first.installed_at
    with store.begin("T1") as work:
        work.audit("XI001I", "installed")
        workspace = work.workspace()
        assert workspace is not None
        assert workspace.name == "Renamed"
    assert store.verify_audit("T1").entries == 2, "the chain goes on"
    with store.begin("T3") as work:
        assert work.workspace() is None


def test_replicas_live_by_the_clock_of_the_database(store: Store, outside: sa.Engine) -> None:
    with store.system() as system:
        system.beat("a")
        system.beat("b")
        system.beat("a")
        assert system.live_executors(30) == {"a", "b"}
    ago = {
        "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-40 seconds')",
        "postgresql": "now() - interval '40 seconds'",
    }
    with outside.begin() as connection:
        connection.execute(sa.text(f"UPDATE executor SET seen = {ago[outside.dialect.name]} WHERE id = 'b'"))
    with store.system() as system:
        assert system.live_executors(30) == {"a"}
        assert system.live_executors(60) == {"a", "b"}
        system.beat("b")
        assert system.live_executors(5) == {"a", "b"}


def test_times_are_aware_and_exact(store: Store) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with store.begin("T1") as work:
        draft = work.begin_draft("U1", "aws", expires_at=elsewhere)
        draft.trying_until = elsewhere
    with store.begin("T1") as work:
        again = work.draft(draft.id)
        assert again is not None
        for kept in (again.trying_until, again.expires_at):
            assert kept == NOW
            assert kept.tzinfo is UTC
    with pytest.raises(sa.exc.StatementError, match="no time zone"), store.begin("T1") as work:
        work.begin_draft("U2", "aws", expires_at=NOW.replace(tzinfo=None))


def test_people_keep_what_slack_did_not_say(store: Store) -> None:
    with store.begin("T1") as work:
        assert work.person("U1") is None
        account = work.add_account("aws", "1", name="n", owner_id="U1")
        saved = work.save_person(Person(user_id="U1", name="Ann", is_admin=True, groups=["S1"], seen_at=NOW))
        assert (saved.is_admin, saved.is_guest, list(saved.groups)) == (True, False, ["S1"])
        saved.selected_account = account.id
        again = work.save_person(Person(workspace_id="T1", user_id="U1", name="Ann B", is_admin=False))
        assert again is saved
        assert (again.name, again.is_admin, again.seen_at) == ("Ann B", False, NOW)
        assert again.selected_account == account.id
        work.save_person(Person(user_id="U2"))
        with pytest.raises(ValueError, match="another workspace"):
            work.save_person(Person(workspace_id="T2", user_id="U1"))
    with store.begin("T2") as work:
        assert work.person("U1") is None
    with store.begin("T1") as work:
        work.delete_account(account)
        person = work.person("U1")
        assert person is not None
        assert person.selected_account is None


def test_settings_hold_any_json(store: Store) -> None:
    with store.begin("T1") as work:
        for value in (1, "x", [1, {"a": None}], {"b": False}, False, ""):
            work.save_setting("a", value)
            assert work.setting("a") == value
        work.save_setting("b", 2)
        assert work.settings() == {"a": "", "b": 2}
        work.save_setting("a", None)
        work.save_setting("never", None)
        assert work.settings() == {"b": 2}
    with store.begin("T2") as work:
        assert work.settings() == {}


def test_a_draft_is_begun_once_and_a_closed_one_makes_room(store: Store) -> None:
    with store.begin("T1") as work:
        draft = work.begin_draft(
            "U1", "aws", state="prepared", prepared={"id": 1}, screen="v1", request_key="Ev1"
        )
        assert (draft.revision, draft.attempt, draft.state, draft.screen) == (1, 0, "prepared", "v1")
        assert (draft.name, dict(draft.answers), draft.report, draft.request_key) == ("", {}, None, "Ev1")
        assert draft.expires_at - draft.created_at > timedelta(days=6, hours=23)
        assert len(draft.id) == 22
        same = work.begin_draft("U1", "aws", prepared={"id": 2})
        assert same is draft
        assert work.prepared(same) == {"id": 1}
        others = [work.begin_draft("U1", "eks"), work.begin_draft("U2", "aws")]
        assert len({draft.id, *(other.id for other in others)}) == 3
        assert [one.id for one in work.drafts_of("U1")] == [draft.id, others[0].id]
        draft.state = "stopped"
        fresh = work.begin_draft("U1", "aws")
        assert fresh.id != draft.id
        assert work.prepared(fresh) == {}
        assert draft.id not in [one.id for one in work.drafts_of("U1")]


def test_a_change_inside_answers_is_kept(store: Store) -> None:
    with store.begin("T1") as work:
        draft = work.begin_draft("U1", "aws")
    with store.begin("T1") as work:
        again = work.draft(draft.id, lock=True)
        assert again is not None
        again.answers["role"] = "r"
        again.report = {"health": "failed"}
    with store.begin("T1") as work:
        again = work.draft(draft.id)
        assert again is not None
        assert dict(again.answers) == {"role": "r"}
        assert again.report == {"health": "failed"}
        assert again.updated_at > draft.updated_at
        again.report = None
    with store.begin("T1") as work:
        again = work.draft(draft.id)
        assert again is not None
        assert again.report is None


def test_expect_meets_only_the_revision_it_was_told(store: Store) -> None:
    with store.begin("T1") as work:
        draft = work.begin_draft("U1", "aws")
        account = work.add_account("aws", "1", name="n", owner_id="U1")
        for row in (draft, account):
            row.name = "changed before"
            work.expect(row, 1)
            assert row.name == "changed before"
            row.revision += 1
            with pytest.raises(Conflict) as conflict:
                work.expect(row, 1)
            assert (conflict.value.what, conflict.value.holder) == ("revision", row.id)
            work.expect(row, 2)
        work.delete_account(account)
        with pytest.raises(Conflict):
            work.expect(account, 2)


def test_what_is_over_is_forgotten_and_nothing_else(store: Store) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    with store.begin("T1") as work:
        account = work.add_account("azure", "1", name="n", owner_id="U1")
        work.add_report(account.id, "healthy", {"n": "old"}, NOW - timedelta(days=1), 1)
        work.add_report(account.id, "healthy", {"n": "new"}, NOW, 1)
        work.claim("Ev1")
        late = work.begin_draft("U1", "aws", expires_at=NOW - timedelta(hours=2))
        later_still = work.begin_draft("U1", "eks", expires_at=NOW - timedelta(hours=1))
        soon = work.begin_draft("U2", "aws", expires_at=NOW + timedelta(hours=1))
        done = work.begin_draft("U3", "aws")
        done.state = "done"
    with store.begin("T2") as work:
        work.claim("Ev1")
        foreign = work.begin_draft("U1", "aws", expires_at=NOW - timedelta(hours=2))
        foreign.state = "stopped"
    with store.begin("T1") as work:
        assert [draft.id for draft in work.overdue_drafts(NOW)] == [late.id, later_still.id]
        assert [draft.id for draft in work.overdue_drafts(NOW, limit=1)] == [late.id]
        assert work.forget_reports(NOW) == 1
        last = work.last_report(account.id)
        assert last is not None
        assert last.data == {"n": "new"}
        assert work.forget_answers(NOW - timedelta(days=9)) == 0
        assert work.forget_answers(later) == 1
        assert work.claim("Ev1") is None
        assert work.forget_drafts(later) == 1
        assert work.draft(done.id) is None
        assert work.draft(soon.id) is not None
    with store.begin("T2") as work:
        assert work.draft(foreign.id) is not None
        assert work.claim("Ev1") is not None
