"""The command ``narrate``: finds the verb, calls it, and turns errors into text and an exit code.

What a verb does is in the module of its name, which is imported only when it is asked for.
The exit codes are in ``MORE``, the end of ``narrate --help``.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from types import ModuleType

from sim.cli.parsing import Parser
from sim.cli.printing import complain, say
from sim.cli.signals import MACHINE, STOPPED, signals_raise
from sim.cli.streams import CLOSED, SteadyStream, steady_streams
from sim.errors import InputError, MachineError, NarrateError, Problem, Terminated
from sim.scenario.error_texts import unknown
from sim.store.memory import demand_address_space

DEFECT = 1
LAST_SECOND = 253_402_300_800  # of the year 9999, where Python's dates end
# The verbs by what somebody wants to do, as --help lists them
PURPOSES = {
    "run scenarios": ("run", "compare", "sweep", "resume", "status"),
    "study an effect": ("sensitivity", "discover", "explain"),
    "play strategies against each other": ("tournament",),
    "look at scenarios and results": ("show", "list", "report"),
    "write scenarios and check them": ("init", "validate"),
    "test a scenario against what happened": ("hindcast",),
    "check and time the program": ("check", "benchmark"),
    "teach": ("serve", "play"),
}
VERBS = tuple(verb for verbs in PURPOSES.values() for verb in verbs)
# Verbs whose answer is a folder or a file; what they print only tells of it
SHOWING = {"status", "explain", "show", "list", "validate", "check", "serve", "play"}
TELLING = frozenset(VERBS) - SHOWING
COMPUTING = TELLING - {"report", "init"} | {"check", "explain", "serve", "play"}
# How the machine says in Python, outside OSError and MemoryError, that it has no more to give
EXHAUSTED = ("can't start new thread", "failed to map segment", "annot allocate memory")
ABOUT = """\
Two countries compete for the sympathy of foreign capitals, with and without a mediator.

To begin: narrate compare kashmir_2025"""
MORE = """\
narrate VERB --help says more about a verb.

exit codes: 0 ok; 1 finished, but some runs or checks failed; 2 bad input or usage; 3 refused, to
protect results; 4 trouble with the machine; 130 interrupted; 143 terminated; 129 hung up"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv
        The words after ``narrate``; those of this process where it is None.

    Raises
    ------
    Exception
        What a defect raised, where the environment has ``NARRATE_TRACEBACK``. Everything else
        becomes an exit code.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    with steady_streams() as out, signals_raise():
        return _run_verb(words, out)


def _run_verb(words: list[str], out: SteadyStream) -> int:
    """Parse the words, call the verb, and report what it raises as text and an exit code."""
    try:
        _settle_environment()
        args = parse_words(words)
        args.command = ["narrate", *words]
        if args.verb in COMPUTING:
            demand_address_space(getattr(args, "jobs", None))
        from sim.plugins import registry

        with registry.none_from_outside():  # but those that this command line names
            code = int(args.verb_module.main(args))
        return code or _demand_delivery(out, args)
    except SystemExit as leaving:  # --help and --version
        return int(leaving.code or 0) or _demand_delivery(out)
    except NarrateError as error:
        complain(str(error))
        return error.exit_code
    except (KeyboardInterrupt, Terminated) as stopped:
        how, code = STOPPED[type(stopped)]
        kept = stopped.args[0] if stopped.args else "nothing was kept"
        complain(f"{how}; {kept}")
        return code
    except OSError as error:
        name = error.filename if error.filename is not None else "system"
        complain(f"{name}: {error.strerror or error}")
        return MACHINE
    except MemoryError:
        complain("out of memory")
        return MACHINE
    except Exception as error:
        if any(words in str(error) for words in EXHAUSTED):
            complain(f"out of memory or threads: {error}")
            return MACHINE
        if os.environ.get("NARRATE_TRACEBACK"):
            raise
        plugged = any(word.startswith("--plugin") for word in words)
        whose = "the program or in a plug-in" if plugged else "the program"
        complain(
            f"a defect in {whose}: {type(error).__name__}: {error}\n"
            "set NARRATE_TRACEBACK=1 to see where, and please report it"
        )
        return DEFECT


def _settle_environment() -> None:
    """Keep libraries from stumbling over settings that have no part in what is done here.

    Raises
    ------
    InputError
        Where ``SOURCE_DATE_EPOCH``, the date that figures bear, is none.
    MachineError
        Where the clock shows a time that Python cannot tell.
    """
    os.environ["MPLBACKEND"] = "agg"  # figures go into files
    os.environ.pop("NUMBA_NUM_THREADS", None)  # of a way to use threads that is not used
    date = os.environ.get("SOURCE_DATE_EPOCH", "0")
    if not (date.isascii() and date.isdecimal() and int(date) < LAST_SECOND):
        reason = "must be a whole number of seconds since 1970, up to the year 9999"
        raise InputError(Problem("SOURCE_DATE_EPOCH", reason, date[:40]))
    try:
        time.time()
    except (OverflowError, OSError):
        raise MachineError("the clock of this machine shows no year up to 2262; set it") from None


def _demand_delivery(out: SteadyStream, args: argparse.Namespace | None = None) -> int:
    """Return 0 if all that was printed arrived, else say why not and return the code for that.

    Who closes stdout, and asks for a folder, has all that was asked for.
    """
    out.flush()
    if not out.trouble:
        return 0
    asked_for_text = any(getattr(args, name, False) for name in ("json", "dry_run", "template"))
    only_told = args is not None and args.verb in TELLING and not asked_for_text
    if only_told and out.trouble == CLOSED:
        return 0
    complain(f"standard output: {out.trouble}")
    if only_told:
        complain("what was to be kept is kept; only what is printed was lost")
    return MACHINE


# Parsing


def parse_words(words: list[str]) -> argparse.Namespace:
    """Parse a command line, given without its first word ``narrate``.

    Returns
    -------
    argparse.Namespace
        The values of the verb's options, ``verb``, its name, and ``verb_module``, its module.

    Raises
    ------
    InputError
        Where the verb or an option is unknown, or a value is refused.
    SystemExit
        After ``--help`` or ``--version`` was printed.
    """
    if not words or words[0].startswith("-"):
        parser = _top_parser()
        parser.parse_all(words)
        parser.print_help()
        raise SystemExit(0)
    verb = words[0]
    module = _import_verb(verb)
    parser = Parser(prog=f"narrate {verb}", description=module.__doc__)
    module.arguments(parser)
    args = parser.parse_all(words[1:])
    args.verb, args.verb_module = verb, module
    return args


def _import_verb(verb: str) -> ModuleType:
    """Import the module of a verb and no other: each loads what would delay the rest."""
    match verb:
        case "run":
            import sim.cli.run
        case "compare":
            import sim.cli.compare
        case "sweep":
            import sim.cli.sweep
        case "resume":
            import sim.cli.resume
        case "status":
            import sim.cli.status
        case "sensitivity":
            import sim.cli.sensitivity
        case "discover":
            import sim.cli.discover
        case "tournament":
            import sim.cli.tournament
        case "hindcast":
            import sim.cli.hindcast
        case "explain":
            import sim.cli.explain
        case "report":
            import sim.cli.report
        case "show":
            import sim.cli.show
        case "list":
            import sim.cli.list
        case "validate":
            import sim.cli.validate
        case "init":
            import sim.cli.init
        case "check":
            import sim.cli.check
        case "benchmark":
            import sim.cli.benchmark
        case "serve":
            import sim.cli.serve
        case "play":
            import sim.cli.play
        case _:
            raise InputError(f"narrate: {unknown('verb', verb, VERBS)} (got {verb})")
    module: ModuleType = getattr(sim.cli, verb)  # importing a module makes it an attribute
    return module


def _top_parser() -> Parser:
    """Return the parser of ``narrate`` without a verb: its help lists all of them."""
    lines = []
    for purpose, verbs in PURPOSES.items():
        lines += [f"{purpose}:", *(f"  {verb:12}{_first_line(verb)}" for verb in verbs), ""]
    usage, epilog = "narrate VERB [options]", "\n".join([*lines, MORE])
    parser = Parser(prog="narrate", usage=usage, description=ABOUT, epilog=epilog)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    return parser


def _first_line(verb: str) -> str:
    """Return the first line of a verb's help."""
    doc = _import_verb(verb).__doc__ or ""
    return doc.split("\n", 1)[0]


class _Version(argparse.Action):
    """``--version``, looked up only when asked for."""

    def __call__(self, *_: object) -> None:
        """Print the version and leave."""
        from importlib.metadata import version

        say(f"narrate {version('narrative-diplomacy')}")
        raise SystemExit(0)
