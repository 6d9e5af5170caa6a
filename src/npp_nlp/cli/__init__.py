"""`npp`: parse the command line, check it, run it; no algorithm here.

Layer 9. Exit codes: 0 all went well, 1 some files could not be read, 2 the call was wrong, 130 interrupted,
141 the reader of the output went away (`npp … | head`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

import npp_nlp

COMMANDS = {
    "analyze": ("analysing", "tables, concept graph and report of files or folders"),
    "report": ("analysing", "the page alone: one file with graph, trends, labels, concordance and documents"),
    "terms": ("listing", "key terms of each document, of groups, or of all together"),
    "segment": ("listing", "words of a file, or of the standard input, set apart by blanks"),
    "graph": ("listing", "the concept graph, for Gephi, Pajek, VOSviewer or a table"),
    "train": ("labelling", "a classifier for own labels from a table of labelled texts"),
    "classify": ("labelling", "the table of labels of files or folders"),
    "compare": ("comparing", "groups of documents side by side: years, regions, …"),
    "concordance": ("comparing", "every passage that holds a term"),
    "reuse": ("reusing", "tables of what stands in earlier documents, and its share"),
    "changes": ("reusing", "what was kept, reworded, moved, added, dropped"),
    "tag": ("tagging", "labels and key terms of the paragraphs of many files, resumable"),
}
"""Command -> the module that has it, and its line in the help; modules load many libraries, so only one is loaded."""

EXAMPLE = "example: npp analyze documents/ --out results; help on a command: npp COMMAND --help"


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The command line's parser: with the options of one command, or of all."""
    main_parser, commands = _bare()
    modules = dict.fromkeys(COMMANDS[name][0] for name in ([command] if command else COMMANDS))
    for name in modules:
        import_module(f"npp_nlp.cli.{name}").add(commands)
    return main_parser


def _bare() -> tuple[argparse.ArgumentParser, argparse._SubParsersAction[argparse.ArgumentParser]]:
    main_parser = argparse.ArgumentParser(
        prog="npp",
        description="Analyse Chinese policy documents.",
        epilog=EXAMPLE,
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=18, width=100),
    )
    main_parser.add_argument("--version", action="version", version=f"npp_nlp {npp_nlp.__version__}")
    return main_parser, main_parser.add_subparsers(dest="command", required=True, metavar="COMMAND")


def _overview() -> argparse.ArgumentParser:
    """A parser that knows the names of the commands alone: enough for help, version and wrong commands."""
    main_parser, commands = _bare()
    for name, (_, line) in COMMANDS.items():
        commands.add_parser(name, help=line)
    return main_parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `npp`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] not in COMMANDS:
        _overview().parse_args(given[:1])  # ends here: help, version or what is wrong
    from npp_nlp.cli.terminal import abandon_stdout, prepare_streams, warn

    prepare_streams()
    options = parser(given[0]).parse_args(given)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except KeyboardInterrupt:
        warn("interrupted")
        return 130
    except BrokenPipeError:
        abandon_stdout()
        return 141
    except (ValueError, RuntimeError, OSError, ImportError) as error:
        warn(f"error: {error}")
        try:
            sys.stdout.flush()
        except OSError:
            abandon_stdout()
        return 2
    return code
