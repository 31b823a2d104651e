"""`parallax redact` and `parallax bench redaction`: the engine by itself, without server, keys or network."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import chain, islice
from operator import and_
from pathlib import Path
from typing import Any, Final

import click
from flask.cli import AppGroup

from policies.document import LONGEST, PolicyError
from policies.load import floor, floor_document, load_policy
from policies.terms import Terms
from redaction.bundle import Bundling, NotAKey, bundled
from redaction.deadline import deadline
from redaction.detectors.models import DEFAULT, ModelMissing
from redaction.detectors.standard import StandardEngine, standard_engine
from redaction.engine import Engine
from redaction.lines import SECONDS, Asked, BadLine, Line, answer, error, held, in_batches, lines_of, parse
from redaction.many import read_ahead
from redaction.measure import compare, table
from redaction.workers import Workers

Job = tuple[int, bytes]
Batch = list[Job]

_BATCH_LINES: Final = 64
_BATCH_BYTES: Final = 120_000
_FEW_BATCHES: Final = 3  # fewer than this are done before other processes would have loaded their models
_MOST_WORKERS: Final = 2
_WORKER_DIED: Final = "worker_died"
_TIMED_OUT: Final = "examination_timed_out"
_BYTES_A_CHARACTER: Final = 4


def _models(_: click.Context, __: click.Parameter, said: tuple[str, ...]) -> dict[str, str]:
    """`en=en_core_web_sm` over the models that we ship with."""
    named = dict(one.partition("=")[::2] for one in said)
    if not all(named) or not all(named.values()):
        raise click.BadParameter("say it as in en=en_core_web_sm")
    return {**DEFAULT, **named}


_model_option = click.option(
    "--model",
    "models",
    multiple=True,
    callback=_models,
    metavar="LANG=PACKAGE",
    help="Another language model.",
)


@click.command("redact")
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A sharing policy."
)
@click.option("--circle", help="One circle of the policy; without it, what every circle of it may read.")
@click.option("--lang", help="The language of lines that do not say theirs, as in en.")
@click.option("--detect-only", is_flag=True, help="Say what is found and change nothing.")
@click.option(
    "--sign",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEY",
    help="An Ed25519 private key (PEM) to sign bundles with.",
)
@click.option("--bundle", is_flag=True, help="Write signed bundles, which hold no offsets; needs --sign.")
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(min=1),
    default=SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long one text may take; after that it is held.",
)
@_model_option
def redact_command(
    policy: Path | None,
    circle: str | None,
    lang: str | None,
    detect_only: bool,
    sign: Path | None,
    bundle: bool,
    seconds: float,
    models: Mapping[str, str],
) -> None:
    """Redact JSON Lines from standard input to standard output, line by line and in order.

    A line is {"id", "text", "lang"?, "known"?: [{"kind", "value"}]}; its answer {"id", "lang", "redacted",
    "spans", "held", "reasons"}, or {"id", "error"} if it is not valid, and then the exit status is 1 at the end.
    Without --policy the floor applies that stands under every policy. Nothing is sent anywhere. A text that takes
    too long is held (examination_timed_out), and so is one that its reader does not survive (worker_died); the
    lines after it go on.

    With --sign and --bundle an answer is {"id", "lang", "held", "reasons", "bundle"}: a JWS over the redacted text
    and the digests of rules, models and policy, for a hub that may never have the original.
    """
    if bundle != (sign is not None) or (bundle and detect_only):
        raise click.UsageError("--sign and --bundle go together, and without --detect-only")
    document = _document(policy)
    bundling = None if sign is None else _bundling(sign, document, circle)
    asked = Asked(_terms(document, circle), lang, detect_only, bundling, seconds)
    try:
        failed = _run(asked, models)
    except ModelMissing as missing:
        raise click.ClickException(
            f"the language model {missing.model} for {missing.language} cannot be used: {missing.reason}"
        ) from None
    sys.exit(1 if failed else 0)


bench_group = AppGroup("bench", help="Measure the engine on corpora with gold spans.")


@bench_group.command("redaction", with_appcontext=False)
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--stock/--no-stock", default=True, help="Run presidio as it comes beside it, in the same run.")
@_model_option
def bench_redaction(gold: Sequence[Path], stock: bool, models: Mapping[str, str]) -> None:
    """Protected share by kind, over-redaction, held share and words a second on each GOLD file."""
    engine = standard_engine(models)
    for path in gold:
        click.echo(table(path.stem, compare(path, engine=engine, models=models, beside_stock=stock)))


def _run(asked: Asked, models: Mapping[str, str]) -> bool:
    """Answer every line; whether any was not valid."""
    numbered = enumerate(lines_of(sys.stdin.buffer), start=1)
    batches = in_batches(numbered, lines=_BATCH_LINES, size=_BATCH_BYTES)
    first = list(islice(batches, _FEW_BATCHES))
    failed = False
    answers = _answers(first, batches, asked, models)
    watched = sys.stderr.isatty()
    with click.progressbar(
        answers, label="redacting", file=sys.stderr, hidden=not watched, show_pos=True
    ) as progress:
        for done in progress:
            sys.stdout.write(json.dumps(done, ensure_ascii=False) + "\n")
            failed = failed or "error" in done
    sys.stdout.flush()
    return failed


def _answers(
    first: list[Batch], rest: Iterable[Batch], asked: Asked, models: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The answers to all lines. Texts are read in other processes, which can be ended when they take too long."""
    few = len(first) < _FEW_BATCHES
    processes = 1 if few else min(_MOST_WORKERS, os.cpu_count() or 1)
    workers: Workers[Job, dict[str, Any]] = Workers(
        partial(standard_engine, models), partial(work, asked), partial(give_up, asked), processes=processes
    )
    try:
        yield from workers.answers(chain(first, rest))
    finally:
        workers.close()


def work(asked: Asked, engine: StandardEngine, batch: Sequence[Job]) -> list[dict[str, Any]]:
    """The answers to a batch of lines."""
    lines = [_parsed(raw, number, asked) for number, raw in batch]
    texts = [(line.text, line.language) for line in lines if not isinstance(line, dict)]
    ahead = _read_ahead(engine, texts, asked.seconds)
    done: list[dict[str, Any]] = []
    for line, (number, _) in zip(lines, batch, strict=True):
        try:
            done.append(line if isinstance(line, dict) else _answered(line, engine, ahead, asked))
        except BadLine as problem:
            done.append(error(problem, number))
    return done


def give_up(asked: Asked, job: Job, seconds: float) -> dict[str, Any]:
    """The answer to a line that nothing can look at without dying, which took `seconds`: held."""
    number, raw = job
    line = _parsed(raw, number, asked)
    if isinstance(line, dict):
        return line
    said = held(line.identity, line.language, _TIMED_OUT if seconds >= asked.seconds else _WORKER_DIED)
    return said if asked.bundling is None else bundled(said, rules="", models=(), bundling=asked.bundling)


def _read_ahead(engine: StandardEngine, texts: Iterable[tuple[str, str | None]], seconds: float) -> Engine:
    """The engine with a batch read at once. All of it has the time of one text: alone, each has its own."""
    try:
        with deadline(seconds):
            return read_ahead(engine, texts)
    except SystemExit:
        return engine


def _answered(line: Line, engine: StandardEngine, ahead: Engine, asked: Asked) -> dict[str, Any]:
    with deadline(asked.seconds):
        said = answer(line, engine=ahead, asked=asked)
    if asked.bundling is None:
        return said
    return bundled(said, rules=engine.fingerprint, models=engine.model.models, bundling=asked.bundling)


def _parsed(raw: bytes, number: int, asked: Asked) -> Any:
    try:
        return parse(raw, asked.language)
    except BadLine as problem:
        return error(problem, number)


def _document(policy: Path | None) -> bytes | None:
    if policy is None:
        return None
    with policy.open("rb") as opened:
        return opened.read(LONGEST * _BYTES_A_CHARACTER + 1)


def _terms(document: bytes | None, circle: str | None) -> Terms:
    """The floor, and under it what the policy lets the circle, or every one of its circles, read."""
    if document is None:
        if circle is not None:
            raise click.UsageError("--circle needs --policy")
        return floor()
    try:
        stated = load_policy(document.decode("utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException("the policy is not UTF-8") from None
    except PolicyError as refused:
        for problem in refused.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException("the policy is not valid") from None
    if circle is not None:
        return floor() & stated.for_circle(circle)
    return reduce(and_, stated.circles.values(), floor()) if stated.circles else Terms.nothing()


def _bundling(key: Path, document: bytes | None, circle: str | None) -> Bundling:
    """How to sign. A key that others can read is no key."""
    if key.stat().st_mode & 0o077:
        raise click.ClickException("the signing key can be read by others: chmod 600")
    digest = hashlib.sha256(floor_document() if document is None else document).hexdigest()
    bundling = Bundling(key.read_bytes(), digest, circle)
    try:
        bundling.key()
    except NotAKey:
        raise click.ClickException("the signing key is no Ed25519 private key in PEM") from None
    return bundling


if __name__ == "__main__":
    main = click.Group("parallax", commands={"redact": redact_command, "bench": bench_group})
    main()
