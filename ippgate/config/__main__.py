"""Print the commented configuration file: `python -m ippgate.config > conf/ippgate.toml`."""

import sys

from ippgate.config.render import commented_file

sys.stdout.write(commented_file())
