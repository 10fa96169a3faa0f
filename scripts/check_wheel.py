"""Build the wheel, install it alone into an empty environment, and make every panel there.

What is missing from the wheel, or needed but not declared, shows here and nowhere else: a checkout has everything.
"""

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

PROJECT = Path(__file__).parent.parent

_TRIAL = """
import pkgutil
from importlib import import_module
from pathlib import Path

import f1nb
import f1nb.panels
from f1nb.export import to_html
from f1nb.panels._base import Panel
from f1nb.serve import dashboard_notebook

package = Path(f1nb.__file__).parent
assert not package.is_relative_to(PROJECT), package
notebook = dashboard_notebook()
assert notebook.is_relative_to(package), f"the dashboard's notebook is not the wheel's: {notebook}"
for module in pkgutil.iter_modules(f1nb.panels.__path__):
    import_module(f"f1nb.panels.{module.name}")
race = f1nb.simulate(laps=2, cars=4)
clock = f1nb.Clock(race)
panels = [panel for panel in Panel.__subclasses__() if not panel.__name__.startswith("_")]
for panel in panels:
    to_html(panel(race, clock=clock), "panel.html", title=panel.__name__)
assert panels
print("The wheel alone draws", ", ".join(panel.__name__ for panel in panels))
"""


def main() -> None:
    """Run the check; a failing step ends it."""
    with tempfile.TemporaryDirectory(prefix="f1nb-wheel-") as name:
        folder = Path(name)
        _run(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(PROJECT), quiet=True)
        (wheel,) = folder.glob("*.whl")
        _check_files(wheel)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        _run(str(python), "-m", "pip", "install", "--quiet", "-c", str(PROJECT / "constraints.txt"), str(wheel))
        _run(str(python), "-c", f"PROJECT = {str(PROJECT)!r}\n{_TRIAL}", cwd=folder)
        _run(str(python.with_name("f1nb")), "--version", cwd=folder)


def _check_files(wheel: Path) -> None:
    """End it when the wheel lacks a file that is no module: what the checkout has of them, and the dashboard's notebook."""
    templates = (path for path in (PROJECT / "f1nb" / "voila" / "templates").rglob("*") if path.is_file())
    wanted = {path.relative_to(PROJECT).as_posix() for path in templates} | {
        "f1nb/voila/templates/f1nb/index.html.j2",
        "f1nb/dashboards/session.ipynb",
        "f1nb/py.typed",
    }
    if missing := sorted(wanted - set(zipfile.ZipFile(wheel).namelist())):
        sys.exit(f"failed: the wheel lacks {', '.join(missing)}")


def _run(*command: str, cwd: Path = PROJECT, quiet: bool = False) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=quiet, text=True)
    if done.returncode:
        sys.stderr.write((done.stderr or "") + f"failed: {' '.join(command[:4])} …\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
