"""Lets `python -m appservice` and `circlekeeper` be the same."""

import sys


def main() -> None:
    """Run the command line, and end with its exit code."""
    try:
        from appservice.cli.app import main as run_command  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.exit(1)
    sys.exit(run_command())


if __name__ == "__main__":
    main()
