"""Scores users of an event log on Apache Spark with a model's query.

    limpet export --model model.json --to sql --dialect spark --output score.sql
    scripts/spark-score --sql score.sql --events events.csv.gz --at 2025-05-01 --output scores
    scripts/spark-score --master yarn -- --sql score.sql --events hdfs:///events.parquet \\
        --at 2025-05-01 --output scores

(The last is short for spark-submit --master yarn scripts/spark_score.py --sql ...)

Needs Spark 3.4 or later and Java 17. Every user with an event gets a score at each snapshot time at which the
user belongs to the model's population; the columns are those of `limpet score`: user, snapshot, probability,
log_odds.
"""

import argparse
import re
import sys

try:
    from pyspark.sql import SparkSession, Window, functions as F
except ModuleNotFoundError:  # --help needs no Spark
    SparkSession = None

OFFSET = r"([+-])(\d{2}):?(\d{2})$"


def parsed():
    parser = argparse.ArgumentParser(
        prog="scripts/spark-score", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sql", required=True, help="query of limpet export --to sql --dialect spark")
    parser.add_argument(
        "--events", required=True, nargs="+", help="CSV with a header, JSON lines or Parquet, by ending"
    )
    parser.add_argument(
        "--at", required=True, nargs="+", help="moments of the snapshots, ISO 8601; UTC if none is named"
    )
    parser.add_argument("--output", required=True, help="folder of the scores, CSV; it must not be there yet")
    parser.add_argument("--user-column", default="user")
    parser.add_argument("--time-column", default="time", help="ISO 8601, or whole milliseconds since 1970")
    parser.add_argument("--event-column", default="event")
    parser.add_argument("--value-column", default="value", help="becomes the property 'value'")
    parser.add_argument(
        "--message-id-column", default="message_id", help="a second row with an id is a repetition"
    )
    parser.add_argument("--single-file", action="store_true", help="write one file, in the order of users")
    return parser.parse_args()


def contract(sql):
    """Returns the columns listed in the query's first lines: name, property or None, decimals of amounts."""
    columns = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if found := re.match(r"--   (.+) (STRING|BIGINT|INT): (.*)$", line):
            name = found[1]
            if name.startswith("units_"):
                decimals = re.search(r"in units of 10\^-(\d+), null for none$", found[3])
                columns.append((name, name.removeprefix("units_"), int(decimals[1])))
            else:
                is_text = name.startswith("text_")
                columns.append((name, name.removeprefix("text_") if is_text else None, None))
    if not columns:
        sys.exit("the query has no list of columns in its first lines; is it one of limpet export --to sql?")
    return columns


def read(spark, paths):
    ending = re.sub(r"\.(gz|bz2|zst)$", "", paths[0]).rsplit(".", 1)[-1]
    if ending == "parquet":
        return spark.read.parquet(*paths)
    if ending in ("json", "ndjson", "jsonl"):
        return spark.read.json(paths)
    return spark.read.csv(paths, header=True, quote='"', escape='"', multiLine=True, mode="FAILFAST")


def milliseconds(column):
    text = F.trim(column.cast("string"))
    is_number = text.rlike(r"^-?\d+$")
    return F.when(is_number, text.cast("bigint")).otherwise(F.unix_millis(F.to_timestamp(text)))


def offset_minutes(column):
    text = F.trim(column.cast("string"))
    sign = F.when(F.regexp_extract(text, OFFSET, 1) == "-", -1).otherwise(1)
    hours, minutes = (F.regexp_extract(text, OFFSET, group).cast("int") for group in (2, 3))
    return F.when(text.rlike(r"[T ].*" + OFFSET), sign * (hours * 60 + minutes))


def units(column, decimals):
    """Returns whole units of decimal texts, rounded half to even as in Limpet, without floating point."""
    text = F.trim(column.cast("string"))
    return F.bround(text.cast("decimal(38,18)") * (10**decimals), 0).cast("bigint")


def event_table(events, arguments, columns):
    def property_of(name):
        source = arguments.value_column if name == "value" else name
        return F.col(f"`{source}`") if source in events.columns else F.lit(None)

    time = F.col(f"`{arguments.time_column}`")
    made = {
        "user_id": F.trim(F.col(f"`{arguments.user_column}`").cast("string")),
        "time_ms": milliseconds(time),
        "seq": F.monotonically_increasing_id(),
        "name": F.trim(F.col(f"`{arguments.event_column}`").cast("string")),
        "offset_minutes": offset_minutes(time),
    }
    for name, source, decimals in columns:
        if decimals is not None:
            made[name] = units(property_of(source), decimals)
        elif source is not None:
            made[name] = F.trim(property_of(source).cast("string"))
    if arguments.message_id_column in events.columns:
        events = without_repetitions(events, F.col(f"`{arguments.message_id_column}`"))
        made["seq"] = F.col("seq")
    return events.select(*(made[name].alias(name) for name, _, _ in columns))


def without_repetitions(events, message_id):
    """Returns the first row of each message, and all rows without an id."""
    place = F.row_number().over(Window.partitionBy(message_id).orderBy("seq"))
    numbered = events.withColumn("seq", F.monotonically_increasing_id()).withColumn("place", place)
    return numbered.filter(message_id.isNull() | (message_id == "") | (F.col("place") == 1)).drop("place")


def check(table):
    """Exits with an error for rows without user, time or name, which would be lost silently."""
    bad = table.filter("user_id IS NULL OR user_id = '' OR time_ms IS NULL OR name IS NULL OR name = ''")
    if count := bad.count():
        example = bad.first().asDict()
        sys.exit(
            f"{count} rows have no user, no time that can be read, or no event's name, such as {example}"
        )


def session():
    spark = (
        SparkSession.builder.appName("limpet score").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    )
    context = spark.sparkContext
    context.setLogLevel("WARN")
    if context.master.startswith("local") and not context.getConf().contains("spark.sql.shuffle.partitions"):
        # Spark's default of 200 is meant for a cluster.
        spark.conf.set("spark.sql.shuffle.partitions", 2 * context.defaultParallelism)
    return spark


def main():
    arguments = parsed()
    if SparkSession is None:
        sys.exit("there is no PySpark here: give this file to spark-submit, or start scripts/spark-score")
    spark = session()
    with open(arguments.sql, encoding="utf-8") as file:
        sql = file.read()
    table = event_table(read(spark, arguments.events), arguments, contract(sql)).cache()
    check(table)
    table.createOrReplaceTempView("events")
    moments = spark.createDataFrame([(text,) for text in arguments.at], "at STRING")
    moments = moments.select(milliseconds(F.col("at")).alias("snapshot_ms")).distinct()
    if moments.filter("snapshot_ms IS NULL").count():
        sys.exit(
            f"--at {' '.join(arguments.at)}: expected moments such as 2025-05-01 or 2025-05-01T12:00:00Z"
        )
    table.select("user_id").distinct().crossJoin(moments).createOrReplaceTempView("snapshots")
    scores = spark.sql(sql).select(
        F.col("user_id").alias("id"),
        F.timestamp_millis("snapshot_ms").alias("snapshot"),
        "probability",
        "log_odds",
    )
    if arguments.single_file:
        scores = scores.orderBy("id", "snapshot").coalesce(1)
    scores.write.csv(arguments.output, header=True)
    spark.stop()


if __name__ == "__main__":
    main()
