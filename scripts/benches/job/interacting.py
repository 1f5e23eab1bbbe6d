"""Generates an event log whose truth has interactions between behaviours, and changes over time.

Users sign up, visit, and cancel. The hazard of a week is that of the behaviour in the weeks before: being
active and failing work against each other, tickets count where nothing was bought, falling activity means
one thing to one plan and the opposite to another, and each of these effects grows or fades over the log.
So a sum of one term for each input is not the truth, and neither is that of the first month.

Weeks are made in sequence, with a few numbers for each user from one to the next, so that the memory does
not grow with the length of the log; a week's rows are sorted by time and appended to the file.
"""

import datetime

import numpy as np
import polars as pl

WEEK = 7 * 86_400
PRIOR_WEEKS = 16
EVENTS_PER_USER = 143  # in the log up to the time of the scores; found by counting
NAMES = ["viewed", "watched", "searched", "cart_added", "purchased", "failed", "ticket", "message"]
RATES = np.array([3.0, 1.2, 0.8, 0.5, 0.35, 0.5, 0.15, 0.3])
VIEWED, WATCHED, SEARCHED, CART, PURCHASED, FAILED, TICKET, MESSAGE = range(8)
SIGNED_UP, CANCELLED = 8, 9
EVENTS = [*NAMES, "signed_up", "cancelled"]
PLANS, COUNTRIES = ["free", "basic", "pro"], ["de", "fr", "nl", "pl", "us", "es", "it", "be"]
DEVICES, PAGES = ["web", "android", "ios"], ["home", "list", "item", "help", "account", "plan"]
MEMORY = 12  # weeks of counts that the hazard looks back on


class Users:
    """What is known of all users at the start of a week."""

    def __init__(self, count, weeks, random):
        self.start = np.floor(random.uniform(-PRIOR_WEEKS, weeks, count) * WEEK).astype(np.int64)
        self.rate = random.gamma(1.2, 1 / 1.2, count)
        self.tilt = random.normal(0, 0.5, (count, len(NAMES)))
        self.plan = random.choice(3, count, p=[0.4, 0.35, 0.25]).astype(np.uint8)
        self.country = random.choice(len(COUNTRIES), count).astype(np.uint8)
        self.device = random.choice(3, count, p=[0.5, 0.3, 0.2]).astype(np.uint8)
        self.mood = random.normal(0, 0.7, count)
        self.alive = np.ones(count, bool)
        self.recent = np.zeros((MEMORY, count, len(NAMES)), np.uint8)

    def last(self, first, weeks):
        return self.recent[first : first + weeks].sum(axis=0, dtype=np.float64)


def hazard(users, chosen, week, weeks):
    """Returns the probability of cancelling in this week."""
    month, before = users.last(0, 4)[chosen], users.last(4, 4)[chosen]
    late = week / weeks  # from 0 to 1 over the log
    plan, country = users.plan[chosen], users.country[chosen]
    age = np.maximum(week - users.start[chosen] / WEEK, 0)
    active, failing = month[:, VIEWED] >= 7, month[:, FAILED] >= 2
    falling = month.sum(axis=1) < 0.6 * before.sum(axis=1)
    tickets = (month + before)[:, TICKET] >= 1
    idle = (month + before)[:, PURCHASED] == 0
    odds = -4.4 + 0.8 * np.exp(-age / 6) - 0.4 * np.log1p(month[:, WATCHED])
    odds += (1.6 - 0.6 * late) * np.where(active != failing, 1, -0.6)
    odds += (0.8 + 1.6 * late) * (tickets & idle) - 0.8 * (tickets & ~idle)
    odds += falling * np.array([-0.9, 0.4, 2.0 - 0.8 * late])[plan]
    odds += 0.6 * np.where(country % 2 == 0, 1, -1) * np.tanh(month[:, SEARCHED] - 2)
    return 1 / (1 + np.exp(-odds))


def week_of(users, week, weeks, random):
    """Lets a week pass; returns the user, event and second of its events."""
    start, end = week * WEEK, (week + 1) * WEEK
    chosen = np.flatnonzero(users.alive & (users.start < end))
    users.mood = 0.9 * users.mood + random.normal(0, 0.3, len(users.mood))
    part = np.clip((end - users.start[chosen]) / WEEK, 0, 1)
    late = week / weeks
    season = np.ones(len(NAMES))
    season[VIEWED], season[FAILED] = 1 + 0.3 * late, 0.8 + 0.5 * late
    rate = (users.rate[chosen] * np.exp(users.mood[chosen] - 0.25) * part)[:, None] * RATES * season
    count = random.poisson(rate * np.exp(users.tilt[chosen] - 0.125))
    count = np.minimum(count, 60)

    leaves = random.random(len(chosen)) < hazard(users, chosen, week, weeks) * part * (week >= 0)
    until = np.where(leaves, np.maximum(start, users.start[chosen]) + 1, end)
    until = np.where(leaves, until + (random.random(len(chosen)) * (end - until)).astype(np.int64), end)

    # A few visits of the week, and each event soon after the beginning of one.
    visits = np.maximum(start, users.start[chosen])[:, None] + 1
    visits = visits + (random.random((len(chosen), 8)) * (end - visits)).astype(np.int64)
    place = np.repeat(np.arange(len(chosen)), count.sum(axis=1))
    event = np.repeat(np.tile(np.arange(len(NAMES)), len(chosen)), count.ravel()).astype(np.uint8)
    number = (random.random(len(place)) * np.minimum(1 + count.sum(axis=1) // 4, 8)[place]).astype(np.int64)
    second = visits[place, number] + random.exponential(400, len(place)).astype(np.int64)
    kept = second < until[place]
    place, event, second = place[kept], event[kept], second[kept]

    done = np.zeros((len(users.alive), len(NAMES)), np.uint8)
    np.add.at(done, (chosen[place], event), 1)
    users.recent = np.concatenate([done[None], users.recent[:-1]])
    gone = chosen[leaves]
    users.alive[gone] = False
    new = np.flatnonzero((users.start >= start) & (users.start < end))
    user = np.concatenate([chosen[place], new, gone])
    event = np.concatenate([event, np.full(len(new), SIGNED_UP), np.full(len(gone), CANCELLED)])
    return user, event, np.concatenate([second, users.start[new], until[leaves]])


def frame_of(users, user, event, second, names, origin, random):
    """Returns the rows of events, sorted by time, as they are written."""
    order = np.lexsort((event, user, second))
    user, event, second = user[order], event[order], second[order]
    amount = np.round(random.lognormal(3, 0.8, len(user)), 2)
    changed = random.random(len(user)) < 0.1
    device = np.where(changed, random.integers(0, 3, len(user)), users.device[user])
    page = random.integers(0, len(PAGES), len(user))
    signed, paid = event == SIGNED_UP, (event == CART) | (event == PURCHASED)

    def of(levels, codes, where):
        return pl.Series([*levels, None])[np.where(where, codes, len(levels)).astype(np.int64)]

    time = pl.Series(second + origin).cast(pl.Int64) * 1000
    return pl.DataFrame(
        {
            "time": time.cast(pl.Datetime("ms")).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "user": names[user],
            "event": pl.Series(EVENTS)[event.astype(np.int64)],
            "value": pl.Series(np.where(paid, amount, np.nan)).fill_nan(None),
            "page": of(PAGES, page, event == VIEWED),
            "plan": of(PLANS, users.plan[user], signed),
            "country": of(COUNTRIES, users.country[user], signed),
            "device": of(DEVICES, device, signed | ((event == VIEWED) & (page == 0))),
        }
    )


def write(file, events, start, days, horizon, seed):
    """Writes the log of the first `days` days; returns who cancels within `horizon` days after them."""
    weeks, count = -(-(days + horizon) // 7), max(events // EVENTS_PER_USER, 50)
    random = np.random.default_rng([seed, 0])
    users, end = Users(count, weeks, random), days * 86_400
    origin = int(datetime.datetime.fromisoformat(start + "T00:00:00+00:00").timestamp())
    names = pl.Series([f"u{number:07d}" for number in range(count)])
    leavers = []
    with open(file, "wb") as stream:
        for week in range(-PRIOR_WEEKS, weeks):
            random = np.random.default_rng([seed, 1, week + PRIOR_WEEKS])
            user, event, second = week_of(users, week, weeks, random)
            if week < 0:  # of the weeks before the log, only the sign-ups are in it
                kept = event == SIGNED_UP
            else:
                kept = second < end
                soon = (second >= end) & (second < end + horizon * 86_400)
                leavers.append(user[(event == CANCELLED) & soon])
            rows = frame_of(users, user[kept], event[kept], second[kept], names, origin, random)
            rows.write_csv(stream, include_header=week == -PRIOR_WEEKS)
    return names[np.concatenate(leavers)].to_list()
