"""``python -m f1nb.cli``."""

import sys

from f1nb.cli import main

sys.exit(main())
