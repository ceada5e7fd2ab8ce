"""The providers of remote models that the user added. Their keys are never here: those are in the system keyring."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.provider_records import Provider, ProviderId
from engine.store.database import Database
from engine.store.json_records import json_of, record_from
from engine.store.main_tables import ProviderRow


class StoredProviders:
    """The providers of a profile. Where a key is kept is not known here, so `key` is always `none`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Provider]:
        """All providers in the order they were added."""
        with self._database.read() as session:
            return [_provider(row) for row in session.scalars(select(ProviderRow).order_by(ProviderRow.position))]

    def get(self, provider: ProviderId) -> Provider:
        """One provider. Raises NotFound."""
        with self._database.read() as session:
            row = session.scalar(select(ProviderRow).where(ProviderRow.id == provider))
            if row is None:
                raise NotFound("provider", provider)
            return _provider(row)

    def put(self, provider: Provider) -> None:
        """Add a provider, or change the one with its id, which keeps its place in the list. Raises DiskFull."""
        json_text = json_of(replace(provider, key="none"))
        added = insert(ProviderRow).values(id=provider.id, json_text=json_text)
        changed = added.on_conflict_do_update(index_elements=["id"], set_={"json_text": json_text})
        with self._database.write() as session:
            session.execute(changed)

    def names_on_bills(self) -> dict[str, str]:
        """What bills call each provider, by its id."""
        with self._database.read() as session:
            return names_on_bills(session)

    def remove(self, provider: ProviderId) -> None:
        """Forget a provider; calls that were made to it stay. Raises NotFound."""
        with self._database.write() as session:
            if session.execute(delete(ProviderRow).where(ProviderRow.id == provider)).rowcount != 1:
                raise NotFound("provider", provider)


def names_on_bills(session: Session) -> dict[str, str]:
    """What bills call each provider: the company's name in the price list, or its own id where it is not there.

    Several accounts of one company have the same name.
    """
    providers = map(_provider, session.scalars(select(ProviderRow)))
    return {each.id: each.prices or each.id for each in providers}


def _provider(row: ProviderRow) -> Provider:
    return record_from(row.json_text, Provider)
