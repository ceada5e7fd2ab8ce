"""How the tables in a matter's file came about. A step is never changed after its release; a new one is added."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.store.migrations import Schema

VERSION_1 = (
    """CREATE TABLE documents (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        n_bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        added INTEGER NOT NULL,
        position INTEGER NOT NULL,
        status TEXT NOT NULL,
        n_pages INTEGER NOT NULL,
        problem TEXT,
        problem_facts TEXT,
        original_path BLOB
    )""",
    """CREATE TABLE originals (
        document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (document, place)
    )""",
    """CREATE TABLE pages (
        id INTEGER NOT NULL PRIMARY KEY,
        document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        characters INTEGER NOT NULL,
        source TEXT NOT NULL,
        label TEXT NOT NULL,
        width REAL,
        height REAL,
        confidence REAL,
        UNIQUE (document, number)
    )""",
    "CREATE INDEX ix_pages_source ON pages (document, source)",
    """CREATE TABLE passages (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        document TEXT NOT NULL,
        page INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        heading TEXT NOT NULL,
        indexed BOOLEAN NOT NULL,
        FOREIGN KEY (document, page) REFERENCES pages (document, number) ON DELETE CASCADE
    )""",
    "CREATE INDEX ix_passages_place ON passages (document, page)",
    "CREATE INDEX ix_passages_indexed ON passages (document, indexed)",
    "CREATE INDEX ix_passages_without_vector ON passages (id) WHERE indexed = 0",
    """CREATE VIRTUAL TABLE passage_words USING fts5(
        words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
    )""",
    """CREATE TABLE vectors (
        passage INTEGER NOT NULL PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
        numbers BLOB NOT NULL
    )""",
    """CREATE TABLE conversations (
        id TEXT NOT NULL PRIMARY KEY,
        title TEXT NOT NULL,
        created INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        draft TEXT NOT NULL
    )""",
    "CREATE TABLE next_draft (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL)",
    """CREATE TABLE messages (
        position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
        text TEXT NOT NULL,
        created INTEGER NOT NULL,
        aside BOOLEAN NOT NULL,
        model TEXT NOT NULL,
        stop_reason TEXT,
        prompt_tokens INTEGER,
        cached_tokens INTEGER,
        generated_tokens INTEGER,
        ttft_s REAL,
        prefill_tokens_per_s REAL,
        decode_tokens_per_s REAL,
        total_s REAL,
        n_documents INTEGER,
        n_passages INTEGER,
        n_passages_left_out INTEGER,
        n_turns_left_out INTEGER,
        quotes_only INTEGER,
        problem TEXT,
        problem_facts TEXT
    )""",
    "CREATE INDEX ix_messages_conversation ON messages (conversation, position)",
    """CREATE TABLE sentences (
        message TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        text TEXT NOT NULL,
        supported BOOLEAN NOT NULL,
        checkable BOOLEAN NOT NULL,
        unsupported_parts TEXT NOT NULL,
        PRIMARY KEY (message, place)
    )""",
    """CREATE TABLE evidence (
        message TEXT NOT NULL,
        sentence INTEGER NOT NULL,
        place INTEGER NOT NULL,
        document TEXT NOT NULL,
        document_name TEXT NOT NULL,
        page INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        quote TEXT NOT NULL,
        verdict TEXT NOT NULL,
        similarity REAL NOT NULL,
        PRIMARY KEY (message, sentence, place),
        FOREIGN KEY (message, sentence) REFERENCES sentences (message, place) ON DELETE CASCADE
    )""",
)

VERSION_2 = (
    "CREATE TABLE hidden_details (place INTEGER NOT NULL PRIMARY KEY, json_text TEXT NOT NULL)",
    """CREATE TABLE comparisons (
        position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        created INTEGER NOT NULL,
        question TEXT NOT NULL,
        answers TEXT NOT NULL,
        vote_set TEXT,
        documents TEXT NOT NULL,
        n_hidden INTEGER NOT NULL,
        approved INTEGER,
        prompt INTEGER
    )""",
    "CREATE INDEX ix_comparisons_vote_set ON comparisons (vote_set)",
    """CREATE TABLE prompts (
        vote_set TEXT NOT NULL,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        expected TEXT,
        source TEXT NOT NULL,
        PRIMARY KEY (vote_set, number)
    )""",
)


def documents_passages_conversations(connection: Connection) -> None:
    """Version 1."""
    for statement in VERSION_1:
        connection.exec_driver_sql(statement)


def hidden_comparisons_prompts(connection: Connection) -> None:
    """Version 2."""
    for statement in VERSION_2:
        connection.exec_driver_sql(statement)


MATTER_SCHEMA = Schema(steps=(documents_passages_conversations, hidden_comparisons_prompts))
