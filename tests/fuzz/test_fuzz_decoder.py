"""A short run of the fuzz target in every test run; long runs are by hand."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 10_000


def test_short_fuzz_run_finds_nothing(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    seeds = [str(ROOT / "tests/data" / folder) for folder in ("decoder-seeds", "printers")]
    options = [f"-runs={RUNS}", "-seed=1", "-max_len=2048", "-timeout=20", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.fuzz_decoder", *options, str(corpus), *seeds],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert re.search(rf"Done {RUNS} runs", done.stderr)
