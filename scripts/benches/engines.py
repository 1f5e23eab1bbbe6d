"""Runs engines, each run in a process of its own, with the same environment for all."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OMP_WAIT_POLICY",
    "OPENBLAS_CORETYPE",
)


class EngineFailure(Exception):
    """The error of an engine that failed, or printed no line of JSON."""


def environment(threads, wait):
    """Returns the environment: equal for all engines, except for the wait policy where a race tries both."""
    changed = dict(os.environ)
    if wait:
        changed["OMP_WAIT_POLICY"] = wait
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        changed[name] = str(threads)
    return changed


def our_command(executable, settings, folder, threads):
    flags = {
        "rounds": "--rounds",
        "learningRate": "--learning-rate",
        "bins": "--bins",
        "bags": "--bags",
        "pairs": "--pairs",
        "l2": "--l2",
        "penalties": "--penalties",
        "folds": "--folds",
        "alpha": "--alpha",
    }
    command = [str(executable), settings["command"], "--data", str(folder), "--threads", str(threads)]
    for key, flag in flags.items():
        if key in settings:
            command += [flag, str(settings[key])]
    return command


def peer_command(engine, settings, folder, threads, losses_at):
    command = [sys.executable, str(HERE / "peer.py"), engine, "--data", str(folder)]
    command += ["--threads", str(threads), "--settings", json.dumps(settings)]
    return command + (["--losses-at", json.dumps(losses_at)] if losses_at else [])


def busy_seconds():
    """Returns the processor time of the whole machine, stolen time included."""
    user, nice, system, _, _, interrupt, soft, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + interrupt + soft + steal) / os.sysconf("SC_CLK_TCK")


def run_process(command, threads, wait=None):
    """Runs a command; returns its standard output, and its memory and times as counted by the kernel."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start, busy = time.monotonic(), busy_seconds()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment(threads, wait))
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        text, complaint = (stream.read().decode(errors="replace") for stream in (output, errors))
    if process.returncode != 0:
        raise EngineFailure(f"exit code {process.returncode}: {(complaint or text).strip()[-600:]}")
    own, elapsed = usage.ru_utime + usage.ru_stime, time.monotonic() - start
    others = max(0, busy_seconds() - busy - own) / (elapsed * os.cpu_count())
    facts = {
        "wholeProcess": {
            "seconds": elapsed,
            "processorSeconds": own,
            "peakBytes": usage.ru_maxrss * 1024,
            "shareOfMachineUsedByOthers": others,
        }
    }
    return text, facts


def run(engine, settings, folder, threads, executable, losses_at=()):
    """Runs an engine once; returns the JSON that it printed, with the measurements of its process."""
    if engine == "limpet":
        command = our_command(executable, settings, folder, threads)
    else:
        command = peer_command(engine, settings, folder, threads, list(losses_at))
    text, facts = run_process(command, threads, settings.get("wait"))
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            found = json.loads(line)
            return {**found, **facts, "threads": threads, "settings": settings}
    raise EngineFailure(f"printed no line of JSON: {text.strip()[-300:]}")
