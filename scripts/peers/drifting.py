"""An event log of subscribers whose hazard of leaving changes over time, made from a seed.

Users sign up, visit, buy, fail, open tickets and cancel, week by week. The hazard of a week is that of the
weeks before: silence, failures, tickets of those who bought nothing, and the plan. Over the log the weight
of silence fades, that of failures grows, the safest plan becomes as risky as the others, and everybody
leaves more often. So the first months are no truth for the last ones, and a model that is trained on all of
them is to be used on weeks that it has not seen.
"""

import csv

import numpy as np

START = np.datetime64("2025-01-01T00:00:00")
USERS, CUT_DAY, HORIZON = 6_000, 252, 28
TEST_DAYS = (CUT_DAY, CUT_DAY + HORIZON)
WEEK, BEFORE = 7, 12  # days of a week; weeks before the log in which users sign up as well
WEEKS = (TEST_DAYS[-1] + HORIZON) // WEEK
VISIT, PURCHASE, FAILED, TICKET = range(4)
EVENTS = ["visit", "purchase", "failed", "ticket", "signed_up", "cancelled"]
RATES = np.array([2.0, 0.4, 0.4, 0.12])
PLANS, COUNTRIES = ["free", "basic", "pro"], ["de", "fr", "nl", "pl", "es", "it"]
HEADER = ["user", "time", "event", "value", "plan", "country"]


class Users:
    """What does not change of the users, and their counts of events in the last eight weeks."""

    def __init__(self, random):
        self.start = random.integers(-BEFORE * WEEK, WEEKS * WEEK, USERS)
        self.rate = random.gamma(1.0, 1, USERS)
        self.plan, self.country = random.choice(3, USERS, p=[0.4, 0.35, 0.25]), random.integers(0, 6, USERS)
        self.mood, self.alive = random.normal(0, 0.6, USERS), np.ones(USERS, bool)
        self.recent = np.zeros((8, USERS, len(RATES)))


def hazard(users, week):
    """Returns the probability of each user to cancel in this week."""
    late = week / WEEKS
    month, before = users.recent[:4].sum(axis=0), users.recent[4:].sum(axis=0)
    age = np.maximum(week * WEEK - users.start, 0)
    odds = -5.2 + 0.3 * late + 1.0 * np.exp(-age / 40) - 0.6 * np.log1p(month[:, PURCHASE])
    odds += (2.6 - 0.6 * late) * (month[:, VISIT] < 3) + (0.4 + 0.6 * late) * np.minimum(month[:, FAILED], 3)
    odds += (0.6 + 0.9 * late) * ((month[:, TICKET] > 0) & (month[:, PURCHASE] == 0))
    odds += 1.0 * (month[:, VISIT] < 0.5 * before[:, VISIT])
    return 1 / (1 + np.exp(-(odds + np.array([0.4, 0, -0.9 + 1.2 * late])[users.plan])))


def week_of(users, week, random):
    """Lets a week pass; returns the users, events and seconds of what happened in it."""
    first, end = week * WEEK, (week + 1) * WEEK
    here = users.alive & (users.start < end)
    users.mood = 0.9 * users.mood + random.normal(0, 0.25, USERS)
    part = np.clip((end - users.start) / WEEK, 0, 1) * here
    counts = random.poisson((users.rate * np.exp(users.mood - 0.2) * part)[:, None] * RATES)
    leaves = (random.random(USERS) < hazard(users, week) * part) & (week >= 0)
    begins = np.maximum(first, users.start) * 86_400.0 + 1
    ends = np.where(leaves, begins + random.random(USERS) * (end * 86_400.0 - begins), end * 86_400.0)
    user = np.repeat(np.arange(USERS), counts.sum(axis=1))
    event = np.repeat(np.tile(np.arange(len(RATES)), USERS), counts.ravel())
    second = begins[user] + random.random(len(user)) * (end * 86_400.0 - begins[user])
    kept = second < ends[user]
    user, event, second = user[kept], event[kept], second[kept]
    done = np.zeros_like(counts)
    np.add.at(done, (user, event), 1)
    users.recent = np.concatenate([done[None], users.recent[:-1]])
    users.alive &= ~leaves
    new, gone = np.flatnonzero(here & (users.start >= first)), np.flatnonzero(leaves)
    event = np.r_[event, np.full(len(new), 4), np.full(len(gone), 5)]
    return np.r_[user, new, gone], event, np.r_[second, users.start[new] * 86_400.0, ends[gone]].astype(int)


def make(seed):
    """Returns users, events and seconds of the whole log, sorted by time, and what is known of the users."""
    random = np.random.default_rng([seed, 100])
    users = Users(random)
    parts = [week_of(users, week, random) for week in range(-BEFORE, WEEKS)]
    user, event, second = (np.concatenate(column) for column in zip(*parts))
    order = np.lexsort((event, user, second))
    value = np.where(event == PURCHASE, np.round(random.lognormal(3, 0.7, len(event)), 2), np.nan)
    return users, user[order], event[order], second[order], value[order]


def rows(made, until):
    """Yields the rows before the day `until`."""
    users, user, event, second, value = made
    times = np.datetime_as_string(START + second.astype("timedelta64[s]"))
    for place in range(np.searchsorted(second, until * 86_400)):
        who, signed = user[place], event[place] == 4
        amount = "" if np.isnan(value[place]) else f"{value[place]:.2f}"
        facts = [PLANS[users.plan[who]], COUNTRIES[users.country[who]]] if signed else ["", ""]
        yield [f"u{who:05d}", times[place] + "Z", EVENTS[event[place]], amount, *facts]


def write(made, until, path):
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows(made, until))


def day(number):
    return str((START + np.timedelta64(number, "D")).astype("datetime64[D]"))
