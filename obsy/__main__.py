"""`python -m obsy`, and the console script."""

import gc
import os
import sys
from typing import NamedTuple


class Failure(NamedTuple):
    """How a verb failed: the exit code, a stable word for it, and what to tell the person."""

    code: int
    kind: str
    words: str


def main() -> None:
    """Run a verb; exit 0 well, 1 the user's, 2 usage, 3 ours, 130 interrupted."""
    os.umask(os.umask(0) | 0o007)  # what is written is for the observer and their group: nobody else's to read
    # Until the verb is loaded: thousands of objects are made, and all stay (bench/validate.py). Click comes after it.
    gc.disable()
    from obsy.cli import cli  # noqa: PLC0415  so that an import that fails is reported like any fault of ours

    try:
        cli.main(prog_name="obsy", standalone_mode=False)
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (KeyboardInterrupt, Exception) as error:
        sys.exit(report(error))
    finally:
        gc.freeze()  # nor need anything be looked through when the process ends


def report(error: BaseException) -> int:
    """Tell the person why a verb failed, and a machine too if it was to be told; return the exit code."""
    import json  # noqa: PLC0415  what goes well needs none of these
    import signal  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    import click  # noqa: PLC0415

    failed = meaning(error)
    if failed.kind == "interrupted":  # a second ^C finds nothing left to interrupt, and would hide what became of it
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if failed.kind == "fault":
        traceback.print_exception(error)
    if isinstance(error, click.ClickException):
        error.show()  # with the usage of the verb
    else:
        click.echo(failed.words, err=True)
    if wants_json(sys.argv[1:]):
        found = [complaint.as_json() for complaint in getattr(error, "diagnostics", ())]
        told = {"kind": failed.kind, "exit": failed.code, "message": failed.words, "complaints": found}
        click.echo(json.dumps({"error": told}, indent=2, ensure_ascii=False))
    return failed.code


def meaning(error: BaseException) -> Failure:
    """Return what an error means to the person at the keyboard."""
    import click  # noqa: PLC0415

    from obsy.errors import ObsyError, UnfitFiles, UserError  # noqa: PLC0415

    match error:
        case click.exceptions.Abort() | KeyboardInterrupt():
            return Failure(130, "interrupted", "obsy: interrupted; what was begun is taken up by the same command")
        case click.ClickException():
            return Failure(2, "usage", error.format_message())
        case UnfitFiles():
            return Failure(1, "unfit-files", str(error))
        case UserError():
            return Failure(1, "user", f"obsy: {error}")
        case ObsyError():
            return Failure(3, "failed", f"obsy: {error}")
    ours = "This is a fault of obsy, not of your files. Nothing that was taken is lost:"
    mend = "run the same command again, and send the lines above with the night's journal."
    return Failure(3, "fault", f"\n{ours}\n{mend}")


def wants_json(arguments: list[str]) -> bool:
    """Return whether the command line asks for JSON, also where it cannot be understood otherwise."""
    pairs = zip(arguments, arguments[1:], strict=False)
    return "--json" in arguments or "--format=json" in arguments or ("--format", "json") in pairs


if __name__ == "__main__":
    main()
