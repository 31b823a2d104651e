"""Runs the application under gunicorn: one worker process with threads, the embedded worker among them."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from share.desk import Desk
from share.lines import Limits
from share.loop import LoopWorker
from share.worker import run_until, start

THREADS: Final = 8
GRACE_SECONDS: Final = 10
PATIENCE_SECONDS: Final = 5.0
NAME: Final = "parallax"
LIMITS: Final = Limits()

Application = Callable[..., Iterable[bytes]]


class Quiet(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's loggers without handlers of their own, so that our walls stand before everything they say."""

    def setup(self, cfg: Any) -> None:
        """Keep the settings, and attach nothing."""
        self.cfg = cfg


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings and no others: no file, no environment, no command line."""

    def __init__(self, application: Application, options: Mapping[str, Any], limits: Limits) -> None:
        self.limits = limits
        self._application = application
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Application:
        """The application, which was made before the fork."""
        return self._application


def listen(host: str, port: int) -> socket.socket:
    """A socket on that address; port 0 is any that is free. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=256)


def serve(
    application: Application,
    listening: socket.socket,
    *,
    embedded: Desk | None,
    ready: Callable[[], None],
    limits: Limits = LIMITS,
) -> None:
    """Answer until SIGTERM or SIGINT. With `embedded`, a thread of the same process does that desk's work.

    `ready` is called once requests are answered.
    """
    running: list[tuple[Thread, Event]] = []

    def begin(_worker: Any) -> None:
        if embedded is not None:
            running.append(start(embedded))
        ready()

    def end(_arbiter: Any, _worker: Any) -> None:
        for thread, stop in running:
            stop.set()
            # A job that is not finished by then is taken up again when its claim runs out.
            thread.join(PATIENCE_SECONDS)

    wsgi.SERVER = NAME
    options = {
        "bind": [f"fd://{listening.fileno()}"],
        "workers": 1,
        "threads": THREADS,
        "worker_class": LoopWorker,
        "logger_class": Quiet,
        "graceful_timeout": GRACE_SECONDS,
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "forwarder_headers": "",
        "control_socket_disable": True,
        "proc_name": NAME,
        "post_worker_init": begin,
        "worker_exit": end,
    }
    Server(application, options, limits).run()


def work(desk: Desk) -> None:
    """Do the desk's work in this process until SIGTERM or SIGINT."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_until(stop, desk=desk)


def write_port(path: Path, port: int) -> None:
    """Write the port down, whole or not at all, for whoever waits for it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(f"{port}\n", encoding="ascii")
    beside.replace(path)
