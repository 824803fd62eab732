"""install_mlflow.py FOLDER REQUIREMENT...: a virtual environment, made or completed by one process at a time.

FOLDER/installed says what is in it; test files that run at once wait for the one that installs.
"""
import fcntl
import os
import shutil
import subprocess
import sys

folder, *requirements = sys.argv[1:]
marker = os.path.join(folder, "installed")
wanted = "".join(f"{line}\n" for line in requirements)


def installed():
    try:
        with open(marker) as file:
            return file.read()
    except FileNotFoundError:
        return None


os.makedirs(os.path.dirname(folder), exist_ok=True)
# The system lets go of the lock however this process ends.
with open(f"{folder}.lock", "w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    if installed() == wanted:
        sys.exit()
    if installed() is None:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [os.path.join(folder, "bin/python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run(pip + requirements, check=True)
    with open(f"{marker}.new", "w") as file:
        file.write(wanted)
    os.replace(f"{marker}.new", marker)
