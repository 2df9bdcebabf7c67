"""The tests of ippgate; `tests.rig` runs the real peers they work against."""
