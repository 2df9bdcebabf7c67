"""P10: intake with twenty rules over document facts, against no rules, in turns on the same home.

Octets that nobody recognises cost their rules alone. A PDF is examined in any case: without rules that is done when
there is time for it, with them before its client is answered; the difference is what waiting for it costs.
"""

from pathlib import Path

from bench.document import small, small_pdf
from bench.figure import Bar, Figure
from bench.gate import House
from bench.load import Intake, post
from bench.request import print_job
from bench.run import Run

RULES = 20
BAR = Bar("at least", 0.85)
KINDS = {
    "octets of no known format": ("application/octet-stream", small),
    "one-page PDFs": ("application/pdf", small_pdf),
}

_RULE = """
[[rule]]
name = "rule {number}"
when = '''
(job.pages > {pages} && job.color) || document.producer.like("*program {number}*") || job.size > {octets}
'''
unknown = "skip"
force = {{ sides = "two-sided-long-edge" }}
"""


async def ask(run: Run) -> list[Figure]:
    """The rate of accepted jobs with rules against that without, for each kind of document."""
    seconds, rounds = run.choose(6, 3), run.choose(3, 2)
    figures = []
    async with run.house("p10") as house:
        for kind, (document_format, make) in KINDS.items():
            ruled: list[Intake] = []
            free: list[Intake] = []
            for number in range(rounds):
                for rules, rates in (("", free), (_rules(), ruled)):
                    run.say(f"{kind}, round {number + 1} of {rounds}: {'twenty rules' if rules else 'no rules'}")
                    rates.append(await _round(house, rules, make(), document_format, seconds))
            figures.append(_figure(kind, ruled, free))
    return figures


async def _round(house: House, rules: str, document: bytes, document_format: str, seconds: int) -> Intake:
    _put(house.rules, rules)
    newest = await house.newest_job()
    async with house.serving() as serving:
        request = print_job(serving.where.uri, document, document_format=document_format)
        return await post(serving.where, request, seconds, lambda: house.jobs_after(newest))


def _put(file: Path, rules: str) -> None:
    file.write_text(rules, encoding="utf-8")


def _rules() -> str:
    """Rules that ask for what a document is and change nothing of these."""
    return "".join(
        _RULE.format(number=number, pages=500 + number, octets=10_000_000 + number) for number in range(RULES)
    )


def _figure(kind: str, ruled: list[Intake], free: list[Intake]) -> Figure:
    raw = {"with_rules": ruled, "without": free}
    rates = [one.rate for one in ruled], [one.rate for one in free]
    what = f"64 KiB jobs accepted with {RULES} rules, {kind}"
    return Figure.of_rounds("P10", what, "jobs/s", rates[0], "no rules", rates[1], bar=BAR, raw=raw)
