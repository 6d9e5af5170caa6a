"""`npp`: parse the command line, check it, run it; no algorithm here.

Layer 9. Exit codes: 0 all went well, 1 some files could not be read, 2 the call was wrong, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import npp_nlp
from npp_nlp.cli import analysing, comparing, labelling, listing, reusing, tagging
from npp_nlp.cli.terminal import warn


def parser() -> argparse.ArgumentParser:
    """The command line's parser."""
    main_parser = argparse.ArgumentParser(prog="npp", description="Analyse Chinese policy documents.")
    main_parser.add_argument("--version", action="version", version=f"npp_nlp {npp_nlp.__version__}")
    commands = main_parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for stage in (analysing, listing, labelling, comparing, reusing, tagging):
        stage.add(commands)
    return main_parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `npp`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        warn("interrupted")
        return 130
    except (ValueError, RuntimeError, OSError, ImportError) as error:
        warn(str(error))
        return 2
