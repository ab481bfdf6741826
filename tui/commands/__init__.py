"""The commands, one file a group.

Each module has `register(commands)`, which adds its parsers, and imports what its commands need
only when one of them runs: `broadsheet --help` pays for argparse and nothing else.
"""
