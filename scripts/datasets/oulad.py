"""Joins the tables of the Open University data set (OULAD) into one event log.

Reads (from --data, by default $LIMPET_DATA/oulad or ../shared/data/oulad beside
the project): course.csv, studentRegistration.csv, studentInfo.csv,
assessment.csv, student_assessment.csv.gz, vle.csv,
studentVle_first1048575.tsv.gz.
Writes a CSV (gzipped when --output ends in .gz) with the header
    user,time,event,value,type,days_late,weight,previous_attempts,studied_credits,education
and a summary to stderr.

Example:
    python3 scripts/datasets/oulad.py --presentation BBB-2013B --output bbb-2013b.csv.gz

One enrolment is one user, with the id module-presentation-student, such as
BBB-2013B-11391. OULAD counts days from the start of a course and publishes only
the month of that start. The first of the month is used for it: B is
1 February and J is 1 October, so day 0 of 2013B is 2013-02-01. The dates are
therefore correct to within a month of the calendar, and exact within a course.

Events, and the properties each one carries:
    registered        previous_attempts, studied_credits, education
                      (highest_education), at date_registration
    course_start      at day 0
    course_end        on the day after the last one of the presentation
    due:<type>        type (TMA, CMA or Exam), weight: one for each assessment of
                      the presentation that has a due date, for every enrolment,
                      at the due day; this is the published schedule
    click:<activity>  value = sum_click; one for each row of the clicks, so rows
                      that repeat student, site and day stay as they are
    submitted:<type>  value = score, type, days_late = day submitted - day due
                      (empty where no due date is published)
    late              beside each submission after its due day
    banked            as submitted, for a result carried over from an earlier
                      presentation; its day is an administrative one
    withdrawn         at date_unregistration
All days are written as in the data, also those before the registration or
after the withdrawal. Rows are sorted by user (as text), then
day, then the events in the order of the list above, then the order of the rows
in their file (for due and clicks) or the number of the assessment.

Enrolments without a date of registration are never at risk: they are left out
with all their events, and counted. The file of clicks has the first 1,048,575
rows of the original and ends within BBB-2013J (at day 133); the summary names
the presentation in which it ends.
"""

import argparse
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import tables
from tables import fail, integer, note, read_rows

HEADER = ["user", "time", "event", "value", "type", "days_late", "weight",
          "previous_attempts", "studied_credits", "education"]
START_MONTHS = {"B": 2, "J": 10}
ORDER = {"registered": 0, "course_start": 1, "course_end": 1, "due": 2, "click": 3,
         "late": 4, "submitted": 4, "banked": 4, "withdrawn": 5}
MISSING = ("", "?")
CLICKS = "studentVle_first1048575.tsv.gz"


class Log:
    """The rows of the event log, with the counts of rows left out."""

    def __init__(self):
        self.rows = []
        self.skipped = Counter()

    def add(self, user, day, event, place, **fields):
        kind = event.split(":")[0]
        self.rows.append((user, day, ORDER[kind], place, event, fields))


def start_dates(folder, wanted):
    path = folder / "course.csv"
    known = set()
    for _, (module, presentation) in read_rows(path, ["code_module", "code_presentation"]):
        known.add(f"{module}-{presentation}")
    for course in wanted:
        if course not in known:
            fail(
                tables.BAD_DATA, f"{path}: expected a row for {course}, found only {', '.join(sorted(known))}"
            )
    return {course: start_date(course, path) for course in wanted}


def lengths(folder, wanted):
    """Returns the length of each presentation in days."""
    path = folder / "course.csv"
    columns = ["code_module", "code_presentation", "module_presentation_length"]
    return {f"{module}-{presentation}": integer(days, path, line, columns[2])
            for line, (module, presentation, days) in read_rows(path, columns)
            if f"{module}-{presentation}" in wanted}


def start_date(course, path):
    code = course.split("-")[1]
    if len(code) != 5 or not code[:4].isdigit() or code[4] not in START_MONTHS:
        fail(tables.BAD_DATA, f"{path}: expected a presentation like 2013B or 2014J, found {code}")
    return date(int(code[:4]), START_MONTHS[code[4]], 1)


def read_registrations(folder, starts, log):
    """Adds registered, course_start, course_end and withdrawn; returns the enrolments kept."""
    path = folder / "studentRegistration.csv"
    info = read_info(folder, starts)
    days = lengths(folder, starts)
    columns = ["code_module", "code_presentation", "id_student", "date_registration", "date_unregistration"]
    kept, without_date = set(), set()
    for line, (module, presentation, student, registered, withdrawn) in read_rows(path, columns):
        course = f"{module}-{presentation}"
        if course not in starts:
            continue
        user = f"{course}-{student}"
        if user in kept or user in without_date:
            fail(tables.BAD_DATA, f"{path}:{line}: expected each enrolment once, found {user} again")
        if registered in MISSING:
            without_date.add(user)
            continue
        if user not in info:
            fail(tables.BAD_DATA, f"{path}:{line}: expected a row for {user} in studentInfo.csv")
        kept.add(user)
        log.add(user, integer(registered, path, line, "date_registration"), "registered", 0, **info[user])
        log.add(user, 0, "course_start", 0)
        log.add(user, days[course], "course_end", 0)
        if withdrawn not in MISSING:
            log.add(user, integer(withdrawn, path, line, "date_unregistration"), "withdrawn", 0)
    if without_date:
        log.skipped["enrolments without a date of registration"] = len(without_date)
    return kept, without_date


def read_info(folder, starts):
    columns = ["code_module", "code_presentation", "id_student",
               "num_of_prev_attempts", "studied_credits", "highest_education"]
    info = {}
    for _, (module, presentation, student, attempts, points, education) in read_rows(
        folder / "studentInfo.csv", columns
    ):
        if f"{module}-{presentation}" in starts:
            info[f"{module}-{presentation}-{student}"] = {
                "previous_attempts": attempts, "studied_credits": points, "education": education}
    return info


def read_schedule(folder, starts):
    """Returns the assessments of the presentations: number -> (course, type, due day or None, weight)."""
    path = folder / "assessment.csv"
    columns = ["code_module", "code_presentation", "id_assessment", "assessment_type", "date", "weight"]
    schedule = {}
    for line, (module, presentation, number, kind, due, weight) in read_rows(path, columns):
        course = f"{module}-{presentation}"
        if course in starts:
            day = None if due in MISSING else integer(due, path, line, "date")
            schedule[number] = (course, kind, day, weight)
    return schedule


def add_due(schedule, users, log):
    for place, (course, kind, day, weight) in enumerate(schedule.values()):
        if day is None:
            log.skipped["assessments without a due date (no due event)"] += 1
            continue
        for user in users:
            if user.startswith(course + "-"):
                log.add(user, day, f"due:{kind}", place, type=kind, weight=weight)


def add_submissions(folder, schedule, users, without_date, log):
    path = folder / "student_assessment.csv.gz"
    columns = ["id_assessment", "id_student", "date_submitted", "is_banked", "score"]
    for line, (number, student, submitted, banked, score) in read_rows(path, columns):
        if number not in schedule:
            continue
        course, kind, due, _ = schedule[number]
        user = f"{course}-{student}"
        if not known(user, users, without_date, "submissions", log):
            continue
        if banked not in ("True", "False", "0", "1"):
            fail(tables.BAD_DATA, f"{path}:{line}: expected True or False in 'is_banked', found '{banked}'")
        event = "banked" if banked in ("True", "1") else f"submitted:{kind}"
        day = integer(submitted, path, line, "date_submitted")
        late = "" if due is None else day - due
        place = integer(number, path, line, "id_assessment")
        if late != "" and late > 0 and event != "banked":
            log.add(user, day, "late", place, type=kind, days_late=late)
        log.add(user, day, event, place, value="" if score in MISSING else score, type=kind, days_late=late)


def known(user, users, without_date, what, log):
    """Returns whether the user is in the log; counts the rows of other users as left out."""
    if user in users:
        return True
    why = "of enrolments without a date of registration" if user in without_date else "of unknown enrolments"
    log.skipped[f"{what} {why}"] += 1
    return False


def add_clicks(folder, starts, users, without_date, log):
    """Adds the clicks; returns the last day of clicks per course, and the course of the last row."""
    activities = read_activities(folder, starts)
    path = folder / CLICKS
    columns = ["code_module", "code_presentation", "id_student", "id_site", "date", "sum_click"]
    last_days, last_course = {}, None
    for line, (module, presentation, student, site, day, clicks) in read_rows(path, columns, delimiter="\t"):
        last_course = f"{module}-{presentation}"
        if last_course not in starts:
            continue
        user = f"{last_course}-{student}"
        if not known(user, users, without_date, "clicks", log):
            continue
        if site not in activities:
            fail(tables.BAD_DATA, f"{path}:{line}: expected the site {site} in vle.csv")
        number = integer(day, path, line, "date")
        value = integer(clicks, path, line, "sum_click")
        log.add(user, number, "click:" + activities[site], line, value=value)
        last_days[last_course] = max(number, last_days.get(last_course, number))
    return last_days, last_course


def read_activities(folder, starts):
    columns = ["id_site", "code_module", "code_presentation", "activity_type"]
    return {site: activity
            for _, (site, module, presentation, activity) in read_rows(folder / "vle.csv", columns)
            if f"{module}-{presentation}" in starts}


def course_of(user):
    return user.rsplit("-", 1)[0]


def output_rows(log, starts):
    dates = {}
    for user, day, _, _, event, fields in log.rows:
        course = course_of(user)
        if (course, day) not in dates:
            dates[course, day] = (starts[course] + timedelta(days=day)).isoformat()
        values = [fields.get(name, "") for name in HEADER[3:]]
        yield [user, dates[course, day], event] + values


def summarise(log, starts, users, last_days, last_course):
    for course in starts:
        days = [row[1] for row in log.rows if course_of(row[0]) == course]
        if days:
            count = sum(1 for user in users if course_of(user) == course)
            first, last = (starts[course] + timedelta(days=day) for day in (min(days), max(days)))
            note(
                f"{course}: {count} users, {len(days)} events, {first} to {last} "
                f"(days {min(days)} to {max(days)})"
            )
        if course not in last_days:
            note(f"warning: {course} has no clicks in {CLICKS}")
        elif course == last_course:
            note(f"warning: the file of clicks ends inside {course}, at day {last_days[course]}")
    note(f"all: {len(users)} users, {len(log.rows)} events")
    for event, count in sorted(Counter(row[4] for row in log.rows).items()):
        note(f"  {event}: {count}")
    for reason, count in sorted(log.skipped.items()):
        note(f"left out: {count} {reason}")


def arguments():
    parser = argparse.ArgumentParser(description="Joins OULAD's tables into one event log.")
    parser.add_argument("--presentation", action="append", required=True, metavar="BBB-2013B",
                        help="module and presentation; may be given several times")
    parser.add_argument("--output", required=True, type=Path, help="CSV to write (.csv or .csv.gz)")
    parser.add_argument("--data", type=Path, default=tables.default_data_folder() / "oulad",
                        help="folder of OULAD's files")
    return parser.parse_args()


def main():
    options = arguments()
    starts = start_dates(options.data, list(dict.fromkeys(options.presentation)))
    log = Log()
    users, without_date = read_registrations(options.data, starts, log)
    schedule = read_schedule(options.data, starts)
    add_due(schedule, users, log)
    add_submissions(options.data, schedule, users, without_date, log)
    last_days, last_course = add_clicks(options.data, starts, users, without_date, log)
    log.rows.sort(key=lambda row: row[:5])
    tables.write_rows(options.output, HEADER, output_rows(log, starts))
    summarise(log, starts, users, last_days, last_course)


if __name__ == "__main__":
    main()
