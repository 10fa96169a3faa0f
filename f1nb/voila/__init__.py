"""What makes Voilà safe to show to others, and the page it shows.

Importing this package puts our page template on Jupyter's path, so that `voila .` in a checkout finds it as well:
`voila.json` names a class of `f1nb.voila.guards`, and Voilà resolves that name before it looks for templates.
"""

import os
from pathlib import Path

_jupyter_path = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
_package = str(Path(__file__).parents[1])  # Jupyter looks for voila/templates/f1nb below each entry
if _package not in _jupyter_path:
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [_package, *_jupyter_path]))
