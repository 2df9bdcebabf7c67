"""`ippgate job …`: list, show, release, unlock, hold, claim, promote, suspend, resume, cancel, resubmit, purge."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from ippgate.cli import wishes
from ippgate.cli.facts import job_facts, job_story
from ippgate.cli.sentence import FORESEEN, FailedError, foreseen
from ippgate.cli.show import AsJson, Column, as_document, cell, done, listing, progress, size, story
from ippgate.cli.work import caller, commands, settings, with_gate
from ippgate.config import quantity
from ippgate.config.zone import zone_of
from ippgate.ipp.registry.enums import JobState
from ippgate.model.expiry import expires
from ippgate.model.hours import USUAL as USUAL_HOURS
from ippgate.model.job import Job, NewJob
from ippgate.model.lifecycle import TERMINAL, keyword
from ippgate.model.until import INDEFINITE, Calendar, Until, is_time_of_day

if TYPE_CHECKING:
    from ippgate.app import Gate

app = commands("Jobs: list, release, hold, claim, cancel, forget.")

STATES = {keyword(state): state for state in JobState}
WAITING = tuple(state for state in JobState if state not in TERMINAL)
LIST_LIMIT = 100
AT_ONCE = 1000
"""Jobs of one round: --all and purge go on in rounds until nothing is left."""

COLUMNS = (
    Column("id", "Id", right=True),
    Column("queue", "Queue"),
    Column("user", "User"),
    Column("name", "Name", long=True),
    Column("state", "State"),
    Column("size", "Size", right=True),
    Column("device", "Device"),
    Column("created", "Created"),
    Column("why", "Why", long=True),
)

Titles = Annotated[
    bool, typer.Option("--titles", help="Show what owners called their jobs, where privacy.operators hides it.")
]
JobIds = Annotated[list[int], typer.Argument(metavar="JOB", min=1, help="Ids of jobs.")]
Act = Callable[["Gate", int], Awaitable[Job]]


def _state(text: str) -> JobState:
    if text not in STATES:
        raise typer.BadParameter(f"{text!r} is no state: choose among {', '.join(STATES)}.")
    return STATES[text]


def until_when(text: str, zone: tzinfo, now: datetime) -> Until:
    """A keyword, or a moment; a time of day means the next one here. Raises typer.BadParameter."""
    said = text.strip()
    if said.lower() in (INDEFINITE, *USUAL_HOURS):
        return said.lower()
    try:
        found = Calendar(zone).next_time(said, now) if is_time_of_day(said) else datetime.fromisoformat(said)
    except ValueError:
        words = ", ".join((INDEFINITE, *USUAL_HOURS))
        raise typer.BadParameter(f"{text!r} is no time: write {words}, 18:30 or 2026-12-31T18:30.") from None
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    if found.astimezone(UTC) <= now:
        raise typer.BadParameter(f"{text!r} has passed: name a moment to come.")
    return found


@app.command("list")
def list_jobs(
    context: typer.Context,
    *,
    queue: Annotated[str | None, typer.Option(help="Only of this queue.")] = None,
    user: Annotated[str | None, typer.Option(help="Only of this person.")] = None,
    state: Annotated[list[str] | None, typer.Option(help="Only in this state; may be repeated.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Ended jobs too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at the most.")] = LIST_LIMIT,
    titles: Titles = False,
    as_json: AsJson = False,
) -> None:
    """List jobs: those that wait or go, oldest first, then ended ones, newest first."""
    states = tuple(_state(text) for text in state or ()) or (tuple(JobState) if every else WAITING)

    async def work(gate: "Gate") -> list[Job]:
        queue_id = (await gate.fleet.queue(queue)).id if queue else None
        return await gate.desk.listing(queue_id, states, user, limit)

    jobs = with_gate(context, work)
    shown = titles or _open(context)
    rows = [
        {**job_facts(job, titles=shown), **({} if as_json else {"size": size(job.size), "why": _why(job)})}
        for job in jobs
    ]
    listing(rows, COLUMNS, as_json=as_json, nothing="There are no such jobs.")
    if len(jobs) == limit and not as_json:
        print(f"Only the first {limit} are shown; --limit shows more.", file=sys.stderr)


@app.command()
def show(
    context: typer.Context,
    *,
    job_id: Annotated[int, typer.Argument(metavar="JOB", min=1, help="The job's id.")],
    titles: Titles = False,
    as_json: AsJson = False,
) -> None:
    """Tell the story of a job: whose it is, where it stands and why, what was tried."""

    async def work(gate: "Gate") -> tuple[Job, list[dict[str, object]], datetime | None]:
        job = await gate.desk.get(job_id, caller())
        queue = await gate.fleet.queue_by_id(job.queue_id)
        return job, await gate.jobs.attempts(job_id), expires(job, queue, gate.settings.spool.keep_held)

    job, attempts, ends = with_gate(context, work)
    story(job_story(job, attempts, ends, titles=titles or _open(context)), as_json=as_json)


@app.command()
def release(
    context: typer.Context,
    *,
    job_ids: Annotated[list[int] | None, typer.Argument(metavar="JOB", min=1, help="Ids of jobs.")] = None,
    device: Annotated[
        str | None, typer.Option(help="Where to print. Default: the device the job is assigned to.")
    ] = None,
    group: Annotated[str | None, typer.Option(help="Print at the device of this group that suits best.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All held jobs of --user.")] = False,
    user: Annotated[str | None, typer.Option(help="With --all: whose jobs.")] = None,
    copies: wishes.Copies = None,
    sides: wishes.Sides = None,
    color: wishes.Color = None,
    media: wishes.Media = None,
    number_up: wishes.NumberUp = None,
    output_bin: wishes.OutputBin = None,
    finishings: wishes.FinishingsOption = None,
    keep: Annotated[bool, typer.Option("--keep", help="Hold them again once they are printed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let held jobs go to a device, changed on the way as it is said here; no password is asked for."""
    if device is not None and group is not None:
        raise typer.BadParameter("--device and --group exclude each other.")
    if every == bool(job_ids):
        raise typer.BadParameter("Name jobs, or --all --user NAME.")
    if every != (user is not None):
        raise typer.BadParameter("--all and --user belong together.")

    changes = wishes.changes(
        copies=copies,
        sides=sides,
        color=color,
        media=media,
        number_up=number_up,
        output_bin=output_bin,
        finishings=finishings,
    )

    async def act(gate: "Gate", job_id: int) -> Job:
        return await gate.release.release(job_id, caller(), device, group=group, changes=changes, keep=keep)

    async def held(gate: "Gate") -> Sequence[int]:
        if job_ids:
            return job_ids
        found = await gate.desk.listing(None, (JobState.PENDING_HELD,), user, AT_ONCE)
        if not found:
            raise FailedError(f"{user} has no held jobs")
        return [job.id for job in found]

    _each(context, held, act, as_json=as_json, hint=_unserved)


@app.command()
def unlock(context: typer.Context, *, job_ids: JobIds, as_json: AsJson = False) -> None:
    """Let people try the passwords of jobs again that were wrong too often."""

    async def act(gate: "Gate", job_id: int) -> Job:
        await gate.guard.unlock(job_id, caller().name)
        return await gate.desk.get(job_id, caller())

    _each(context, _named(job_ids), act, as_json=as_json)


@app.command()
def hold(
    context: typer.Context,
    *,
    job_ids: JobIds,
    until: Annotated[
        str | None,
        typer.Option(
            help="evening, weekend … (the queue's hours), 18:30 or 2026-12-31T18:30 (the gate's time zone). Default:"
            " until they are released."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hold jobs that wait for their device, until they are released or a moment has come."""
    zone = zone_of(settings(context).server.time_zone)
    moment = None if until is None else until_when(until, zone, datetime.now(UTC))

    async def act(gate: "Gate", job_id: int) -> Job:
        return await gate.desk.hold(job_id, caller(), moment)

    _each(context, _named(job_ids), act, as_json=as_json)


@app.command()
def claim(
    context: typer.Context,
    *,
    job_ids: JobIds,
    owner: Annotated[str, typer.Option(help="Whose they are.")],
    as_json: AsJson = False,
) -> None:
    """Give held jobs to their owner, such as those that wait because nobody knows whose they are."""

    async def act(gate: "Gate", job_id: int) -> Job:
        return await gate.desk.claim(job_id, caller(), gate.owners.claimant(owner))

    _each(context, _named(job_ids), act, as_json=as_json)


@app.command()
def cancel(context: typer.Context, *, job_ids: JobIds, as_json: AsJson = False) -> None:
    """Cancel jobs. One that is at its device is cancelled there."""

    async def act(gate: "Gate", job_id: int) -> Job:
        return await gate.desk.cancel(job_id, caller())

    _each(context, _named(job_ids), act, as_json=as_json)


@app.command()
def promote(
    context: typer.Context,
    *,
    job_id: Annotated[int, typer.Argument(metavar="JOB", min=1, help="Id of a job that waits for its device.")],
    after: Annotated[int | None, typer.Option(min=1, metavar="JOB", help="Right behind this job.")] = None,
    as_json: AsJson = False,
) -> None:
    """Have a job go to its device before all others, or right behind another."""

    async def act(gate: "Gate", promoted: int) -> Job:
        await gate.traffic.schedule(promoted, after, caller().name)
        return await gate.desk.get(promoted, caller())

    _each(context, _named([job_id]), act, as_json=as_json)


@app.command()
def suspend(context: typer.Context, *, job_ids: JobIds, as_json: AsJson = False) -> None:
    """Let jobs rest at their devices, where those can do that."""

    async def act(gate: "Gate", job_id: int) -> Job:
        await gate.suspension.suspend(job_id, caller().name)
        return await gate.desk.get(job_id, caller())

    _each(context, _named(job_ids), act, as_json=as_json)


@app.command()
def resume(context: typer.Context, *, job_ids: JobIds, as_json: AsJson = False) -> None:
    """Have jobs go on that rest at their devices."""

    async def act(gate: "Gate", job_id: int) -> Job:
        await gate.suspension.resume(job_id, caller().name)
        return await gate.desk.get(job_id, caller())

    _each(context, _named(job_ids), act, as_json=as_json)


@app.command()
def resubmit(context: typer.Context, *, job_ids: JobIds, as_json: AsJson = False) -> None:
    """Make new jobs of ended ones whose documents are kept (spool.keep_printed), as their owners' own."""

    async def act(gate: "Gate", job_id: int) -> Job:
        job = await gate.desk.get(job_id, caller())
        queue = await gate.fleet.queue(job.queue)
        new = NewJob(
            *(queue.id, job.owner, job.name, job.host, job.template, job.priority), release_action=job.release_action
        )
        return await gate.resubmission.resubmit(job, caller(), queue, new)

    _each(context, _named(job_ids), act, as_json=as_json, hint=_unserved)


@app.command()
def purge(
    context: typer.Context,
    *,
    older_than: Annotated[str, typer.Option(help="Only jobs that ended this long ago: 90 s, 12 h, 30 d.")] = "0",
    as_json: AsJson = False,
) -> None:
    """Forget ended jobs; those whose documents are to be kept (spool.keep_printed, job-retain-until) stay."""
    seconds = quantity.parse(older_than, "seconds")
    if seconds is None:
        raise typer.BadParameter(f"{older_than!r} is no time: write 90 s, 12 h or 30 d.")

    async def work(gate: "Gate") -> int:
        from ippgate.spool.sweep import Sweeper  # noqa: PLC0415 - brings the services, which help does without

        purged = 0
        # A job goes only after its documents, and those would wait for the server's next round.
        await Sweeper(gate.database, gate.jobs, gate.lanes, interval=0).sweep()
        with progress("Forgetting ended jobs", None) as more:
            while gone := await gate.jobs.purge(seconds, AT_ONCE):
                purged += gone
                more(gone)
        return purged

    purged = with_gate(context, work)
    done(f"{purged} ended jobs are forgotten.", {"purged": purged}, as_json=as_json)


def _open(context: typer.Context) -> bool:
    """Whether operators see titles without asking for them."""
    return settings(context).privacy.operators == "see"


def _named(job_ids: Sequence[int]) -> Callable[["Gate"], Awaitable[Sequence[int]]]:
    async def named(_gate: "Gate") -> Sequence[int]:
        return job_ids

    return named


def _each(
    context: typer.Context,
    which: Callable[["Gate"], Awaitable[Sequence[int]]],
    act: Act,
    *,
    as_json: bool,
    hint: Callable[["Gate"], Awaitable[str]] | None = None,
) -> None:
    """Do it to each job; one that refuses does not keep the others from it, but makes the command fail."""

    async def work(gate: "Gate") -> tuple[list[Job], list[str], str]:
        acted, refused = [], []
        for job_id in await which(gate):
            try:
                acted.append(await act(gate, job_id))
            except FORESEEN as error:
                refused.append(foreseen(error) or str(error))
        return acted, refused, await hint(gate) if hint and acted else ""

    acted, refused, hinted = with_gate(context, work)
    if as_json:
        as_document([job_facts(job, titles=_open(context)) for job in acted])
    else:
        for job in acted:
            print(_line(job))
    for sentence in [*dict.fromkeys(refused), *([hinted] if hinted and not as_json else [])]:
        print(sentence, file=sys.stderr)
    if refused:
        raise typer.Exit(1)


async def _unserved(gate: "Gate") -> str:
    """What to say when nobody is there who could deliver."""
    from ippgate.store.health import workers  # noqa: PLC0415 - brings the services, which help does without

    served = any(worker.lives for worker in await workers(gate.database))
    return "" if served else "No server is at work: what is released goes when one is."


def _line(job: Job) -> str:
    where = f" at {cell(job.device)}" if job.device else ""
    why = f" ({_why(job)})" if _why(job) else ""
    return f"Job {job.id} is {keyword(job.state)}{where}{why}."


def _why(job: Job) -> str:
    """The words of whoever set the state, or else its reasons."""
    return cell(job.message) if job.message else cell(job.reasons) if job.reasons else ""
