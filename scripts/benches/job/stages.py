"""The stages of a peer's script, each printed as JSON when it ends; imported before anything else."""

import json
import time


class Stages:
    def __init__(self):
        self.start = time.perf_counter()

    def done(self, stage):
        now = time.perf_counter()
        print(json.dumps({"stage": stage, "seconds": round(now - self.start, 4)}), flush=True)
        self.start = now

    def say(self, **facts):
        print(json.dumps(facts), flush=True)


stages = Stages()
