"""Runs one command as a whole process and prints what the operating system counted of it, and what it wrote, as JSON.

usage: python3 measure.py COMMAND [ARG ...]
"""
import json
import os
import sys
import tempfile
import time

with tempfile.TemporaryFile() as out:
    actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1)]
    started = time.monotonic()
    process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    seconds = time.monotonic() - started
    out.seek(0)
    record = {
        "seconds": seconds,
        # Kilobytes on Linux, bytes on macOS.
        "mib": usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
        "status": os.waitstatus_to_exitcode(status),
        "output": out.read().decode(),
    }
print(json.dumps(record))
