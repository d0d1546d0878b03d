"""``python -m infantall`` is the ``infantall`` command."""

from infantall.cli import main

main()
