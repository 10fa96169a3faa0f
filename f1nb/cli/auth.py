"""Commands for the F1 TV account that the official archive asks for."""

from __future__ import annotations

import argparse
import os
import sys

from f1nb import account
from f1nb.cli._words import Commands, command
from f1nb.errors import SignInError


def add(commands: Commands) -> None:
    """Add the commands."""
    auth = commands.add_parser(
        "auth", help="Sign in to the official archive.", description="Sign in to the official archive with an F1 TV account."
    )
    kinds = auth.add_subparsers(title="commands", metavar="COMMAND", required=True)
    login = command(
        kinds, "login", _login, "Sign in. Name and password come from F1_USERNAME and F1_PASSWORD, else are asked for."
    )
    login.add_argument(
        "--method", choices=account.METHODS, help="browser: with FastF1's add-on (default: FASTF1_AUTH_METHOD, else password)"
    )
    command(kinds, "status", _status, "Say for how long this machine is signed in; the exit code is 1 when it is not.")
    command(kinds, "logout", _logout, "Forget the sign-in.")


def _login(options: argparse.Namespace) -> None:
    method = options.method or account.status().method
    username, password = os.environ.get("F1_USERNAME"), os.environ.get("F1_PASSWORD")
    if method == "browser" and not sys.stdin.isatty():
        raise SignInError("the sign-in in a browser waits for somebody at a terminal; run f1nb auth login there")
    if method == "password" and not (username and password) and sys.stdin.isatty():
        from getpass import getpass

        try:
            username = username or input("F1 TV account, e-mail: ")
            password = password or getpass("Password: ")
        except EOFError:
            raise SignInError("nothing was entered; nothing has changed") from None
    account.sign_in(method, username=username, password=password)
    _status(options)


def _status(_: argparse.Namespace) -> None:
    known = account.status()
    if known.state == "none":
        raise SignInError("not signed in; sign in with: f1nb auth login")
    if expired := account.expired():
        raise expired
    print(f"signed in for {known.days_left:.1f} more days, until {known.expires_utc:%Y-%m-%d %H:%M} UTC")


def _logout(_: argparse.Namespace) -> None:
    account.sign_out()
    print("signed out")
