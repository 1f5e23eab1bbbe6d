"""Random event logs as people's programs write them, with the features of their users."""

import csv
import io
import json
import os
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from foreign_texts import LEVELS, Difference, packed, run

USERS = ["a", "b", "Zürich", "Zu\u0308rich", "😀", "1", "1.0", "01", "a,b", 'q"q', "user with space",
         "NULL", "x" * 300, "true", "-", "#1"]
EVENTS = ["visit", "buy", "Buy", "café", "cafe\u0301", "a,b", 'say "x"', "😀", "x.y", "order:completed",
          "visit*"]
START = datetime(2024, 3, 9, tzinfo=timezone.utc)


class Log:
    """A random event log."""

    def __init__(self, draw, folder):
        count = draw.choice([1, 2, 5, 50, 800, 5_000])
        users = draw.sample(USERS, draw.randrange(1, len(USERS)))
        self.names = draw.sample(EVENTS, draw.randrange(1, len(EVENTS)))
        has_ids = draw.random() < 0.6
        self.rows = [{
            "user": draw.choice(users), "name": draw.choice(self.names),
            "plan": draw.choice(["", "", *LEVELS]),
            "value": draw.choice(["", "", "5", "-3.25", "0", "12.5", "1000000.01", "0.01"]),
            "time": START + timedelta(milliseconds=draw.choice(
                [draw.randrange(40 * 86_400_000), 86_400_000 * draw.randrange(40)])),
            "id": f"m{draw.randrange(3 * count)}" if has_ids and draw.random() < 0.9 else "",
        } for _ in range(count)]
        ending = draw.choice(["\n", "\r\n"])
        if draw.random() < 0.6:
            self.path = packed(draw, self.fields(draw, ending, has_ids), os.path.join(folder, "log.csv"))
        else:
            self.path = packed(draw, self.messages(draw, ending), os.path.join(folder, "log.ndjson"))

    def fields(self, draw, ending, has_ids):
        spelling = draw.choice(["T.Z", "T.+", " .", " . +", " . UTC", "ms", "compact", "t.z"])
        order = ["user_id", "time", "event", "value", "plan", draw.choice(["o1", "o2"])]
        order += ["message_id"] * has_ids
        draw.shuffle(order)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=draw.choice([",", ",", ";", "\t"]), lineterminator=ending,
                            quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        writer.writerow(order)
        for row in self.rows:
            cells = {"user_id": row["user"], "time": self.time(draw, row["time"], spelling),
                     "event": row["name"], "value": row["value"], "plan": row["plan"],
                     "message_id": row["id"]}
            writer.writerow([cells.get(name, draw.choice(LEVELS)) for name in order])
        return text.getvalue()

    def messages(self, draw, ending):
        lines = []
        for row in self.rows:
            properties = {"nested": {"a": [1, 2]}} if draw.random() < 0.2 else {}
            if row["value"]:
                properties["value"] = draw.choice([row["value"], float(row["value"])])
            if row["plan"]:
                properties["plan"] = row["plan"]
            message = {"type": "track", "event": row["name"], "userId": row["user"], "properties": properties,
                       "timestamp": self.time(draw, row["time"], draw.choice(["T.Z", "T.+"]))}
            if row["id"]:
                message["messageId"] = row["id"]
            members = list(message.items())
            draw.shuffle(members)
            lines.append(json.dumps(dict(members), ensure_ascii=draw.random() < 0.5))
        return ending.join(lines) + (ending if draw.random() < 0.7 else "")

    @staticmethod
    def time(draw, time, spelling):
        minutes = draw.choice([0, 60, -300, 330, -570]) if "+" in spelling else 0
        local = time + timedelta(minutes=minutes)
        fraction = f".{local.microsecond // 1000:03d}"
        offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
        if spelling == "ms":
            return str(round(time.timestamp() * 1000))
        if spelling == "compact":
            return local.strftime("%Y%m%dT%H%M%S") + fraction + "Z"
        text = local.strftime("%Y-%m-%dT%H:%M:%S") + fraction
        return {"T.Z": text + "Z", "T.+": text + offset, " .": text.replace("T", " "),
                " . +": text.replace("T", " ") + " " + offset.replace(":", ""),
                " . UTC": text.replace("T", " ") + " UTC", "t.z": text.lower() + "z"}[spelling]

    def expected(self, at, name):
        """Returns the features of each user before a time: of rows with one message id the first counts."""
        seen, kept = set(), []
        for row in self.rows:
            if row["id"] not in seen:
                kept.append(row)
            if row["id"]:
                seen.add(row["id"])
        users = {}
        for row in sorted(kept, key=lambda row: row["time"]):
            if row["time"] >= at:
                continue
            user = users.setdefault(row["user"], {"all": 0, "one": 0, "sum": Decimal(0), "plan": ""})
            is_one = row["name"].startswith(name[:-1]) if name.endswith("*") else row["name"] == name
            user["all"] += 1
            user["one"] += is_one
            user["sum"] += Decimal(row["value"] or 0)
            user["plan"] = row["plan"] or user["plan"]
        return users

    def compare(self, limpet, folder, draw):
        at = START + timedelta(days=draw.randrange(10, 45), milliseconds=draw.choice([0, 0, 1, 500]))
        name = draw.choice(self.names)
        users = self.expected(at, name)
        if not users:
            return
        features = os.path.join(folder, "features.yaml")
        with open(features, "w", encoding="utf-8") as file:
            file.write(f"""version: 1
decimals: {{value: 2}}
features:
  - {{name: all, kind: count}}
  - name: one
    kind: count
    events: {json.dumps(name, ensure_ascii=False)}
  - {{name: sum, kind: sum, of: value}}
  - {{name: plan, kind: last_category, of: plan}}
""")
        columnar = os.path.join(folder, "log.limpetlog")
        run(limpet, "import", "--events", self.path, "--output", columnar, "--memory",
            draw.choice(["1GB", "64KB", "1MB"]))
        outputs = [run(limpet, "features", "extract", "--events", file, "--features", features, "--at",
                       at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z", "--output", "-")
                   for file in [self.path, columnar]]
        if outputs[0] != outputs[1]:
            raise Difference("the columnar log gives other features")
        found = {row["user"]: row for row in csv.DictReader(io.StringIO(outputs[0]))}
        if set(found) != set(users):
            raise Difference(f"other users: {sorted(set(found) ^ set(users))[:5]}")
        for user, wanted in users.items():
            row = found[user]
            is_same = (float(row["all"]) == wanted["all"] and float(row["one"]) == wanted["one"]
                       and float(row["sum"] or 0) == float(wanted["sum"]) and row["plan"] == wanted["plan"])
            if not is_same:
                raise Difference(f"{user!r}, {name!r}: {dict(row)}, not {wanted}")
