"""The verbs: one file each, loaded only when it is asked for."""

import gc
import importlib
from keyword import iskeyword

import click

import obsy
from obsy.diagnostics import did_you_mean

VERBS = {
    "init": "Make the folder of a new observatory.",
    "devices": "What INDI and Alpaca servers offer, and how it is declared.",
    "doctor": "What this machine lacks, and what mends it.",
    "validate": "Check every file; change nothing.",
    "target": "What obsy knows of a target by its name, and how it stands tonight.",
    "up": "What is best tonight from here, and why.",
    "transits": "Which transits of planets are worth taking in the coming nights, and why.",
    "why": "Why a plan gets no time tonight, and what would get it some.",
    "forecast": "By which night each goal is done, and whom a new plan delays.",
    "network": "Which telescope takes what in the coming nights, over all sites.",
    "sky": "When something rises, transits and sets, and when it may be had in the dark.",
    "apply": "Work out the night, and run it.",
    "alert": "Take an alert of a broker to the rules, or list those that came.",
    "status": "What is done of each plan, and how the night stands.",
    "report": "Write and show a night's report.",
    "replay": "Make the decisions of a night again, and compare.",
    "guard": "Keep the roofs, as a process of its own.",
    "board": "Print the firmware of a board that closes a roof by itself.",
    "notify": "Who is told of the night, and what.",
    "ack": "Take care of the alarms, so that nobody else is called.",
    "photometry": "A target's magnitudes in a night, and their report.",
    "astrometry": "Where an asteroid or comet was in a night, against its ephemeris.",
    "estimates": "Magnitudes that were estimated by eye, as the AAVSO takes them.",
    "period": "How often a star repeats itself, over all its nights.",
    "coefficients": "A train's transformation coefficients, by a night of a standard field.",
    "transit": "Fit the transit in a light curve or a folder of frames, and write its reports.",
    "spectrum": "A star's spectrum: traced, extracted, with its wavelengths, as FITS for BeSS.",
    "sun": "Pictures of the Sun of a spectroheliograph's film.",
    "clouds": "Tell clouds on the images of an all-sky camera, and learn to.",
    "drill": "Rehearse what may befall the roof, and judge what it did.",
    "blame": "The line, file and commit that asked for a frame.",
    "pack": "Bring the plans of others, in the version that is declared.",
    "drift": "Hold what is declared against what frames say.",
    "ingest": "Bring a folder of old files into the archive.",
    "reduce": "Reduce what was brought in, without a night.",
    "rebuild": "Make the index of what is done again from the files.",
    "export": "Write a plan for others.",
    "import": "Bring in what was written for other programs.",
    "lsp": "Help an editor, as its language server.",
    "schema": "The JSON schema of a kind, for editors.",
}


class _Lazy(click.Group):
    """A group that imports a verb's module when the verb runs: start-up counts."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of a day's work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name."""
        if cmd_name not in VERBS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(importlib.import_module(f"obsy.cli.{name}"), name)
        if not gc.isenabled():
            gc.freeze()  # what was loaded lives as long as the process
            gc.enable()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that the arguments begin with; what is none is told its neighbour."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            mend = did_you_mean(args[0], VERBS, f"choose one of {', '.join(VERBS)}")
            ctx.fail(f"'{args[0]}' is no verb of obsy: {mend}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(obsy.__version__, prog_name="obsy")
def cli() -> None:
    """Run an observatory from text.

    Exit codes: 0 well, 1 something in your files or your call, 2 usage, 3 a fault of obsy, 130 interrupted.
    """
