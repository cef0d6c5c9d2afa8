"""`python -m archiver`. A module of this name isn't run again in the processes that visit; each starts 0.4 s sooner."""

from __future__ import annotations

from archiver.cli.main import main

main()
