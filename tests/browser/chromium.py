"""Which Chromium the browser tests use: Playwright's own, else the system's, else, in CI, one that is installed now.

``python tests/browser/chromium.py`` prepares it and says which it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "There is no Chromium for the browser tests: run `python -m playwright install chromium` or install Debian's package"


def is_ci() -> bool:
    return os.environ.get("CI") == "true"


def find() -> str | None:
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else shutil.which("chromium") or shutil.which("chromium-browser")


def install() -> None:
    """Install Debian's package, where that is possible without asking anybody."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)


def main() -> int:
    path = find()
    if path is None and is_ci():
        install()
        path = find()
    sys.stdout.write(f"Chromium: {path or MISSING}\n")
    return int(path is None and is_ci())


if __name__ == "__main__":
    sys.exit(main())
