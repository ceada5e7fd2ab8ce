from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from engine.errors import NotFound
from engine.network_records import Connection
from engine.store.connections import StoredConnections
from engine.store.database import Database
from engine.store.main_schema import MAIN_SCHEMA
from engine.store.migrations import create_database

NOW = datetime.now(UTC)
BEGUN = Connection(0, NOW, "models", "Qwen3 8B", "GET", "huggingface.co", 443, via="proxy.example:3128")


@pytest.fixture
def connections() -> StoredConnections:
    return StoredConnections(create_database(None, None, MAIN_SCHEMA))


def test_a_connection_is_kept_open_and_completed(connections: StoredConnections) -> None:
    number = connections.begin(BEGUN)
    assert connections.list(7, 10) == [replace(BEGUN, id=number)], "a program that dies now leaves it open, as it was"
    ended = replace(BEGUN, id=number, sent=512, received=10**13, status=206, outcome="done", duration_s=1.25)
    connections.end(ended)
    assert connections.list(None, 10) == [ended]


def test_a_connection_is_completed_once(connections: StoredConnections) -> None:
    done = replace(BEGUN, id=connections.begin(BEGUN), outcome="done")
    connections.end(done)
    for wrong in (replace(done, outcome="failed", reason="tls"), replace(done, id=done.id + 1)):
        with pytest.raises(NotFound):
            connections.end(wrong)
    refused = replace(BEGUN, purpose=None, outcome="refused", reason="bypass", port=0, via="")
    refused = replace(refused, id=connections.begin(refused))
    with pytest.raises(NotFound):
        connections.end(replace(refused, outcome="done"))
    assert connections.list(None, 10) == [refused, done]


def test_the_newest_come_first_and_the_old_are_forgotten(connections: StoredConnections) -> None:
    for age in (0, 3, 8, 729, 731):
        connections.begin(replace(BEGUN, about=str(age), time=NOW - timedelta(days=age)))
    abouts = lambda days, limit=10: [each.about for each in connections.list(days, limit)]  # noqa: E731
    assert abouts(7) == ["0", "3"] and abouts(None, 3) == ["0", "3", "8"]
    assert connections.prune() == 1 and connections.prune() == 0
    assert abouts(None) == ["0", "3", "8", "729"]
    assert connections.prune(older_than_days=2) == 3 and abouts(None) == ["0"]


def test_connections_of_the_same_moment_keep_their_order(connections: StoredConnections) -> None:
    numbers = [connections.begin(BEGUN) for _ in range(5)]
    assert [each.id for each in connections.list(7, 10)] == numbers[::-1]


def test_what_a_server_calls_itself_cannot_act_in_a_terminal(connections: StoredConnections) -> None:
    connections.begin(replace(BEGUN, about="a\x1b[2Jb\u202egpj", host="h\nq\ud800", via="v\r"))
    (kept,) = connections.list(7, 10)
    assert (kept.about, kept.host, kept.via) == ("a\ufffd[2Jb\ufffdgpj", "h\ufffdq\ufffd", "v\ufffd")


def test_an_id_is_never_given_twice(connections: StoredConnections) -> None:
    """A program that still runs may not complete the entry of another request."""
    first = connections.begin(replace(BEGUN, time=NOW - timedelta(days=900)))
    connections.prune()
    assert connections.begin(BEGUN) > first


def test_several_threads_write_at_once(tmp_path) -> None:
    create_database(tmp_path / "store.db", bytes(32), MAIN_SCHEMA).close()
    database = Database(tmp_path / "store.db", bytes(32))
    connections = StoredConnections(database)

    def work() -> None:
        for _ in range(10):
            number = connections.begin(BEGUN)
            connections.end(replace(BEGUN, id=number, outcome="done"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = connections.list(None, 100)
    assert len(kept) == 40 and {each.outcome for each in kept} == {"done"}
    with database.read() as session:
        assert session.execute(text("SELECT count(DISTINCT id) FROM connections")).scalar() == 40
    database.close()
