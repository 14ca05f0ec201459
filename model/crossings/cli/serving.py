"""``crossings app``: the model in a browser, on this machine and without any network."""

# ruff: noqa: PLC0415 - what is slow to import is imported once it is known that it is there

from __future__ import annotations

import os
import socket
from importlib.util import find_spec
from typing import Annotated

import typer

from crossings.cli.terminal import console
from crossings.errors import InputError

_NEEDED = ("solara", "uvicorn", "starlette")
_MOST_PORT = 65_535


def app(
    port: Annotated[int, typer.Option("--port", metavar="N", help="Port; 0 takes any that is free.")] = 8765,
    host: Annotated[
        str,
        typer.Option(
            "--host", help="Address to listen at; others may look in if it is not this machine's own."
        ),
    ] = "127.0.0.1",
) -> None:
    """Live through a season in the browser: map, weeks, pipeline, beliefs, and sliders. Ctrl-C ends it."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(f"the app needs {missing[0]}: expected the extra, pip install 'crossings[app]'")
    if not 0 <= port <= _MOST_PORT:
        raise InputError(f"option --port {port}: expected a whole number from 0 to {_MOST_PORT}")
    listening = _listen(host, port)
    # Solara reads these when it is imported: which module to show, to tell nobody about it, and to write
    # no line of its own over the figures
    os.environ |= {
        "SOLARA_APP": "crossings.views.app",
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
        "SOLARA_ASSETS_PROXY": "True",
        "SOLARA_MODE": "production",
        "SOLARA_THEME_SHOW_BANNER": "False",
    }
    import uvicorn

    server = uvicorn.Server(uvicorn.Config("solara.server.starlette:app", log_level="warning"))
    name = "localhost" if host == "127.0.0.1" else host  # whose cookies need no encryption
    console().print(f"open http://{name}:{listening.getsockname()[1]} in a browser; Ctrl-C ends it")
    server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, or say why there is none."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # from here on a browser may ask, and waits until it is served
    except OSError as error:
        listening.close()
        raise InputError(f"option --port {port}: expected one that is free at {host}, got: {error}") from None
    return listening
