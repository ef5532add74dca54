"""The command ``narrate``: parses, calls a verb, and turns errors into text and an exit code.

Exit codes: 0 ok; 1 finished, but some runs or checks failed; 2 bad input or usage; 3 refused, to
protect results; 4 trouble with the machine; 130 interrupted; 143 terminated.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType, ModuleType

from sim.cli.parsing import Parser
from sim.cli.printing import complain, prepare_streams, say
from sim.errors import InputError, NarrateError
from sim.scenario.wording import unknown

VERBS = (
    "run", "compare", "sweep", "resume", "status", "sensitivity", "discover", "explain", "report",
    "show", "list", "validate", "init", "check", "benchmark", "serve",
)  # fmt: skip
INTERRUPTED, TERMINATED, MACHINE, DEFECT = 130, 143, 4, 1
ABOUT = """\
Two countries compete for the sympathy of foreign capitals, with and without a mediator."""


class Terminated(BaseException):
    """SIGTERM, raised where the program stands so that it can say what it kept."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    prepare_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        with _sigterm_raises():
            code = _run_verb(words)
        sys.stdout.flush()
    except BrokenPipeError:
        # who read us has enough; keep Python from complaining when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run_verb(words: list[str]) -> int:
    try:
        args = parse_words(words)
        args.command = ["narrate", *words]
        from sim.plugins import finding

        with finding.none_from_outside():  # but those that this command line names
            return int(args.verb_module.main(args))
    except SystemExit as leaving:  # --help and --version
        return int(leaving.code or 0)
    except NarrateError as error:
        complain(str(error))
        return error.exit_code
    except BrokenPipeError:
        raise
    except KeyboardInterrupt as stopped:
        return _report_stop("interrupted", stopped, INTERRUPTED)
    except Terminated as stopped:
        return _report_stop("terminated", stopped, TERMINATED)
    except (OSError, MemoryError) as error:
        complain(_machine_text(error))
        return MACHINE
    except Exception as error:
        if os.environ.get("NARRATE_TRACEBACK"):
            raise
        whose = "the program"
        if any(word.startswith("--plugin") for word in words):
            whose += " or in a plug-in"
        complain(
            f"a defect in {whose}: {type(error).__name__}: {error}\n"
            "set NARRATE_TRACEBACK=1 to see where, and please report it"
        )
        return DEFECT


def _report_stop(how: str, stopped: BaseException, code: int) -> int:
    kept = str(stopped.args[0]) if stopped.args else "nothing was kept"
    complain(f"{how}; {kept}")
    return code


def _machine_text(error: BaseException) -> str:
    if isinstance(error, OSError):
        name = error.filename if error.filename is not None else "system"
        return f"{name}: {error.strerror or error}"
    return "out of memory"


@contextmanager
def _sigterm_raises() -> Iterator[None]:
    """Let SIGTERM unwind the program instead of cutting it off; leave the handler as it was."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def raise_terminated(number: int, frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, raise_terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# Parsing


def parse_words(words: list[str]) -> argparse.Namespace:
    """The parsed command line, with ``verb_module`` of the verb."""
    if not words or words[0].startswith("-"):
        _, rest = _top_parser().parse_known_args(words)
        if rest:
            _top_parser().refuse_unknown(rest)
        say(_top_parser().format_help().rstrip())
        raise SystemExit(0)
    verb = words[0]
    if verb not in VERBS:
        raise InputError(f"narrate: {unknown('verb', verb, VERBS)} (got {verb})")
    module = _import_verb(verb)
    parser = Parser(prog=f"narrate {verb}", description=module.__doc__)
    module.arguments(parser)
    args, rest = parser.parse_known_args(words[1:])
    if rest:
        parser.refuse_unknown(rest)
    args.verb, args.verb_module = verb, module
    return args


def _import_verb(verb: str) -> ModuleType:
    return import_module(f"sim.cli.{verb}")


def _top_parser() -> Parser:
    rows = [f"  {verb:12}{_first_line(verb)}" for verb in VERBS]
    parser = Parser(
        prog="narrate",
        usage="narrate VERB [options]",
        description=ABOUT,
        epilog="\n".join(["verbs:", *rows, "", "narrate VERB --help says more about a verb."]),
    )
    parser.add_argument("--version", action=_Version, help="print the version and leave")
    return parser


def _first_line(verb: str) -> str:
    doc = _import_verb(verb).__doc__ or ""
    return doc.split("\n", 1)[0]


class _Version(argparse.Action):
    """``--version``, looked up only when asked for."""

    def __init__(self, option_strings: list[str], dest: str, help: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, *_: object) -> None:
        """Print the version and leave."""
        from importlib.metadata import version

        say(f"narrate {version('narrative-diplomacy')}")
        raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
