"""Converts the order lines of Online Retail to a log of purchases and cancellations.

Reads (by default from $LIMPET_DATA/online_retail or ../shared/data/online_retail
beside the project): onlineretail.csv.gz.
Writes a CSV (gzipped when --output ends in .gz) with the header
    user,time,event,value,items,invoice,country
and a summary to stderr.

Example:
    python3 scripts/datasets/online_retail.py --output online-retail.csv.gz

One event for each invoice and kind:
    purchase      lines of an invoice that does not start with C, with a quantity
                  and a price above 0
    cancellation  lines of an invoice that starts with C, with a quantity below 0
                  and a price above 0
value is the exact decimal sum of quantity x price (positive for both kinds),
items the number of lines, time that of the earliest of these lines: a few
invoices span two neighbouring minutes, the summary counts them. Lines that repeat
another one are kept, as the seller booked them. A customer 17850.0 is the user
17850. Rows are sorted by user (as text), time, event and invoice.

Lines without a customer, and lines that are neither a purchase nor a
cancellation, are left out and counted by reason.
"""

import argparse
from collections import Counter
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import tables
from tables import fail, note, read_rows

HEADER = ["user", "time", "event", "value", "items", "invoice", "country"]
COLUMNS = ["InvoiceNo", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]


class Event:
    """The sum of the lines of one invoice."""

    def __init__(self, user, country):
        self.user, self.country = user, country
        self.value, self.items, self.times = Decimal(0), 0, set()


def number(text, path, line, column):
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        fail(tables.BAD_DATA, f"{path}:{line}: expected a number in '{column}', found '{text}'")
    return value


def moment(text, path, line):
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        fail(
            tables.BAD_DATA, f"{path}:{line}: expected 'yyyy-MM-dd HH:mm:ss' in 'InvoiceDate', found '{text}'"
        )


def kind_of(invoice, quantity, price, customer):
    """Returns the event's name, or None; and the reason why a line is left out."""
    if not customer:
        return None, "no customer"
    if price <= 0:
        return None, "price not above 0"
    if invoice.startswith("C"):
        return ("cancellation", None) if quantity < 0 else (None, "cancelled quantity not below 0")
    return ("purchase", None) if quantity > 0 else (None, "quantity not above 0")


def read_events(path):
    events, left_out, lines = {}, Counter(), 0
    for line, (invoice, quantity, time, price, customer, country) in read_rows(path, COLUMNS):
        lines += 1
        quantity = number(quantity, path, line, "Quantity")
        price = number(price, path, line, "UnitPrice")
        kind, reason = kind_of(invoice, quantity, price, customer)
        if kind is None:
            left_out[reason] += 1
            continue
        user = customer.removesuffix(".0")
        event = events.setdefault((invoice, kind), Event(user, country))
        if (event.user, event.country) != (user, country):
            fail(tables.BAD_DATA, f"{path}:{line}: expected one customer and country in invoice {invoice}")
        event.value += abs(quantity * price)
        event.items += 1
        event.times.add(moment(time, path, line))
    return events, left_out, lines


def output_rows(events):
    for (invoice, kind), event in events.items():
        value = format(event.value.normalize(), "f")
        yield [event.user, min(event.times).isoformat(), kind, value, event.items, invoice, event.country]


def summarise(events, rows, left_out, lines):
    kept = sum(event.items for event in events.values())
    note(f"{lines} lines: {kept} kept in {len(rows)} events of {len({row[0] for row in rows})} users")
    for name in ("purchase", "cancellation"):
        chosen = [event for (_, kind), event in events.items() if kind == name]
        total = sum(event.value for event in chosen)
        note(f"  {name}: {len(chosen)} events, {len({event.user for event in chosen})} users, value {total}")
    if rows:
        note(f"span: {min(row[1] for row in rows)} to {max(row[1] for row in rows)}")
    spans = [max(event.times) - min(event.times) for event in events.values() if len(event.times) > 1]
    note(
        f"{len(spans)} events whose lines have several times (the earliest is taken), "
        f"at most {max(spans, default=0)} apart"
    )
    for reason, count in sorted(left_out.items()):
        note(f"left out: {count} lines, {reason}")


def arguments():
    default = tables.default_data_folder() / "online_retail" / "onlineretail.csv.gz"
    parser = argparse.ArgumentParser(description="Turns Online Retail's order lines into an event log.")
    parser.add_argument("--output", required=True, type=Path, help="CSV to write (.csv or .csv.gz)")
    parser.add_argument("--input", type=Path, default=default, help="the order lines")
    return parser.parse_args()


def main():
    options = arguments()
    events, left_out, lines = read_events(options.input)
    rows = sorted(output_rows(events), key=lambda row: (row[0], row[1], row[2], row[5]))
    tables.write_rows(options.output, HEADER, rows)
    summarise(events, rows, left_out, lines)


if __name__ == "__main__":
    main()
