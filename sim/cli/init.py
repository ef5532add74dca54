"""Write a commented scenario to start from.

    narrate init mine.yaml
    narrate run mine.yaml

The file is complete: it can be run as it is. An existing file is never replaced.
"""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from pathlib import Path

from sim.cli import options
from sim.cli.parsing import Parser, path
from sim.cli.printing import say_result
from sim.errors import RefusedError


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("file", metavar="FILE", type=path, help="file to write, such as mine.yaml")
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Write the template, which is made from the schema of scenario files."""
    from sim.scenario.template import template

    _write_new(args.file, template())
    said = f"wrote {args.file}; check it with: narrate validate {args.file}"
    say_result(args, lambda: {"file": str(args.file)}, lambda: said)
    return 0


def _write_new(file: Path, text: str) -> None:
    """Write a whole file under a name that is free, or nothing.

    Raises
    ------
    RefusedError
        Where something has that name already.
    MachineError
        Where the file cannot be written.
    """
    from sim.store.folder import machine_error

    taken = RefusedError(f"{file}: exists already; it is never overwritten")
    if file.exists() or file.is_symlink():
        raise taken
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        # a link, unlike a rename, fails where somebody took the name meanwhile
        os.link(temporary, file)
    except FileExistsError as error:
        raise taken from error
    except OSError as error:
        raise machine_error(file, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
