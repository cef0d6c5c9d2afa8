"""One person's archive on disk: evidence that is only added to, and what was read from it. The only room with SQL."""

from __future__ import annotations

from archiver.vault.logins import Login, checked_name
from archiver.vault.opening import create, open_vault
from archiver.vault.vault import Vault
from archiver.vault.watches import Claim
from archiver.vault.words import search_text

__all__ = ["Claim", "Login", "Vault", "checked_name", "create", "open_vault", "search_text"]
