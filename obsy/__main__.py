"""`python -m obsy`, and the console script."""

import gc
import sys
import traceback

import click

from obsy.errors import ObsyError, UnfitFiles, UserError


def main() -> None:
    """Run a verb; exit 0 well, 1 the user's, 2 usage, 3 ours, 130 interrupted."""
    gc.disable()  # until the verb is loaded: thousands of objects are made, and all of them stay
    from obsy.cli import cli  # noqa: PLC0415  so that an import that fails is reported like any fault of ours

    try:
        cli.main(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("obsy: interrupted; what was begun is taken up by the same command", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except UnfitFiles as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except UserError as error:
        click.echo(f"obsy: {error}", err=True)
        sys.exit(1)
    except ObsyError as error:
        click.echo(f"obsy: {error}", err=True)
        sys.exit(3)
    except Exception:
        traceback.print_exc()
        click.echo("\nThis is a fault of obsy, not of your files. Nothing that was taken is lost:", err=True)
        click.echo("run the same command again, and send the lines above with the night's journal.", err=True)
        sys.exit(3)
    finally:
        gc.freeze()  # nor need anything be looked through when the process ends


if __name__ == "__main__":
    main()
