"""`python -m ippgate.cli`: the command without its console script."""

from ippgate.cli.root import main

main()
