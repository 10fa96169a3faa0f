"""The sign-in that FastF1 stores, with tokens of our own making."""

from __future__ import annotations

import io
import json
import logging
import stat
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_data_path

from f1nb import account
from f1nb.cli import main
from f1nb.errors import SignInError, SourceError

NAME, PASSWORD = "somebody@example.org", "correct horse battery"
KEY = "a key that is long enough for a signature"


def token_for(days: float) -> tuple[str, float]:
    jwt = pytest.importorskip("jwt")
    expires_s = time.time() + days * 86400
    return jwt.encode({"exp": int(expires_s), "SubscriptionStatus": "active"}, KEY, algorithm="HS256"), expires_s


def store(token: tuple[str, float]) -> str:
    """Write a token where FastF1 does; return its value."""
    write(json.dumps({"version": 1, "value": token[0], "expires_at": token[1]}))
    return token[0]


def write(content: str) -> None:
    path = user_data_path("fastf1") / "f1auth_token.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


@pytest.fixture(autouse=True)
def away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep every test away from a real sign-in."""
    for name in ("F1_USERNAME", "F1_PASSWORD", "FASTF1_AUTH_METHOD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("FASTF1_CACHE", str(tmp_path))


def test_a_stored_token_is_valid_until_it_expires(capsys: pytest.CaptureFixture[str]) -> None:
    value = store(token_for(days=3.5))
    assert account.token() == value
    known = account.status()
    assert (known.state, known.method) == ("valid", "password")
    assert known.days_left == pytest.approx(3.5, abs=0.01)
    assert known.expires_utc
    assert known.expires_utc > datetime.now(UTC)
    assert value not in repr(known)
    assert main(["auth", "status"]) == 0
    shown = capsys.readouterr()
    assert "3.5 more days" in shown.out
    assert value not in shown.out + shown.err


def test_fastf1_reads_the_same_token() -> None:
    tokens = pytest.importorskip("fastf1.internals.f1account.tokens")
    value = store(token_for(days=2))
    known = tokens.TokenManager(lambda: None).get_stored()
    assert (known.value, known.is_valid()) == (value, True)


@pytest.mark.parametrize("days", [-1, 1 / 1440], ids=["yesterday", "in a minute"])
def test_an_expired_token_is_none(days: float, capsys: pytest.CaptureFixture[str]) -> None:
    store(token_for(days=days))
    assert account.token() is None
    assert account.status().state == "expired"
    assert main(["auth", "status"]) == 1
    assert "sign in again with: f1nb auth login" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"version": 2, "value": "a.b.c", "expires_at": 9e9}', '{"version": 1, "expires_at": 9e9}',
     '{"version": 1, "value": "a.b\\nX-Evil: 1", "expires_at": 9e9}', '{"version": 1, "value": "a.b.c", "expires_at": "soon"}',
     '{"version": 1, "value": "a.b.c", "expires_at": 1e300}', '{"version": 1, "value": 7, "expires_at": 9e9}'],
)  # fmt: skip
def test_a_damaged_file_is_no_token(content: str) -> None:
    write(content)
    assert account.token() is None
    assert account.status().state == "none"


def test_without_a_file_the_status_says_how_to_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert account.token() is None
    assert main(["auth", "status"]) == 1
    assert capsys.readouterr().err == "f1nb: not signed in; sign in with: f1nb auth login\n"


def test_signing_out_forgets_the_token(capsys: pytest.CaptureFixture[str]) -> None:
    store(token_for(days=3))
    assert main(["auth", "logout"]) == 0
    assert account.token() is None
    assert main(["auth", "logout"]) == 0


def test_without_name_and_password_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(*_: Any) -> str:
        raise AssertionError("a prompt")

    monkeypatch.setattr("builtins.input", ask)
    monkeypatch.setattr("getpass.getpass", ask)
    with pytest.raises(SignInError, match="set F1_USERNAME and F1_PASSWORD"):
        account.sign_in()
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert main(["auth", "login"]) == 1
    assert "set F1_USERNAME and F1_PASSWORD" in capsys.readouterr().err


def test_an_unknown_method_names_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTF1_AUTH_METHOD", "fingerprint")
    with pytest.raises(SignInError, match="'fingerprint'; it is one of password, browser"):
        account.sign_in()


def test_without_fastf1_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastf1.exceptions", None)
    with pytest.raises(SourceError, match=r'pip install "f1nb\[fastf1\]"'):
        account.sign_in(username=NAME, password=PASSWORD)


class Network:
    """Answers what FastF1 sends while it signs in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, says: Any) -> None:
        requests = pytest.importorskip("requests")
        pytest.importorskip("fastf1")
        self.says, self.state = says, None
        self.requests = requests
        network = self

        def send(_: Any, request: Any, **__: Any) -> Any:
            return network.answer(request)

        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)

    def answer(self, request: Any) -> Any:
        if self.says is ConnectionError:
            raise self.requests.ConnectionError("HTTPSConnectionPool(host='account.formula1.com', port=443): refused")
        host = request.url.split("/")[2]
        body: Any = []
        if host == "account.formula1.com":
            body = 'x={davinci:{clientId:"c",acrValues:"p"}}'
        elif "/as/authorize" in request.url:
            self.state = request.url.split("state=")[1].split("&")[0]
            form = "https://id.formula1.com/form"
            body = {"_links": {"next": {"href": form}}, "interactionId": "i", "id": "f", "eventName": "e"}
        elif "/form" in request.url:
            self.submitted = json.loads(request.body)["parameters"]["data"]["formData"]
            body = self.says or {"status": "COMPLETED", "authorizeResponse": {"state": self.state, "code": "k"}}
        elif "/as/token" in request.url:
            import jwt

            self.value = token_for(days=4)[0]
            body = {"access_token": jwt.encode({"subscriptionToken": self.value}, KEY, algorithm="HS256")}
        response = self.requests.Response()
        response.status_code = 200 if host.endswith("formula1.com") else 404
        response.request, response.url = request, request.url
        response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
        return response


def test_signing_in_stores_a_token_and_shows_the_days(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    network = Network(monkeypatch, says=None)
    monkeypatch.setenv("F1_USERNAME", NAME)
    monkeypatch.setenv("F1_PASSWORD", PASSWORD)
    with caplog.at_level(logging.DEBUG):
        assert main(["auth", "login", "--method", "password"]) == 0
    shown = capsys.readouterr()
    assert "signed in for 4.0 more days" in shown.out
    assert account.token() == network.value
    path = user_data_path("fastf1") / "f1auth_token.json"
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600
    for secret in (NAME, PASSWORD, network.value):
        assert secret not in shown.out + shown.err + caplog.text


def test_in_a_terminal_name_and_password_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    network = Network(monkeypatch, says=None)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: NAME)
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    assert main(["auth", "login"]) == 0
    assert network.submitted == {"username": NAME, "password": PASSWORD}
    assert "more days" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (ConnectionError, "the account's host does not answer; check the network"),
        ({"status": "FAILED", "message": "Wrong credentials."}, "the sign-in failed: Wrong credentials; check the account"),
        ({"status": "FAILED", "message": f"No user {NAME}"}, "the name or the password was refused"),
    ],
    ids=["no network", "refused", "refused by name"],
)
def test_a_sign_in_that_fails_is_one_sentence_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, says: Any, words: str
) -> None:
    Network(monkeypatch, says=says)
    monkeypatch.setenv("F1_USERNAME", NAME)
    monkeypatch.setenv("F1_PASSWORD", PASSWORD)
    with caplog.at_level(logging.DEBUG):
        assert main(["auth", "login"]) == 1
    shown = capsys.readouterr()
    assert words in shown.err
    assert shown.err.count("\n") == 1
    assert account.status().state == "none"
    for secret in (NAME, PASSWORD):
        assert secret not in shown.out + shown.err + caplog.text
    with pytest.raises(SignInError) as caught:
        account.sign_in()
    assert caught.value.__cause__ is None
    assert PASSWORD not in str(caught.value)


def test_the_browser_is_for_somebody_at_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["auth", "login", "--method", "browser"]) == 1
    assert "waits for somebody at a terminal; run f1nb auth login there" in capsys.readouterr().err
