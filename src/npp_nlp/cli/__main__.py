"""`python -m npp_nlp.cli`: the same as `npp`."""

import sys

from npp_nlp.cli import main

if __name__ == "__main__":
    sys.exit(main())
