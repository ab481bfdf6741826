"""BLAKE2b, the hash of names and contents, without what else `hashlib` loads.

`hashlib` loads OpenSSL, which takes longer than asking the index for the newest articles.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # a Python that has it elsewhere
    from hashlib import blake2b

__all__ = ["blake2b"]
