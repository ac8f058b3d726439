"""The table, as the paper has it."""
import datetime
import statistics
from pathlib import Path

import machine

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
BARE, OURS = "bare axum", "Doorward"


def write(rows, options):
    text = section(rows, options)
    if not options.into:
        return print(text)
    paper = Path(options.into)
    before, _, rest = paper.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    paper.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def section(rows, options):
    today = datetime.date.today().isoformat()
    how = f"{options.people} people, {options.rounds} rounds of {options.seconds:g} s"
    return "\n".join([f"{today}, {machine.described()}, {how}; medians, and from … to.", "", *tables(rows)])


def tables(rows):
    for name in dict.fromkeys(row["scenario"] for row in rows):
        yield from table(name, [row for row in rows if row["scenario"] == name])


def table(name, rows):
    by = {contender: [row for row in rows if row["contender"] == contender]
          for contender in dict.fromkeys(row["contender"] for row in rows)}
    ours = median(by[OURS], "cpu")
    yield f"### {name}\n"
    yield "| | answers a second | from … to | CPU, µs each | Doorward's, as a share | p50, ms | p99, ms | MB |"
    yield "|---|---|---|---|---|---|---|---|"
    for contender, of in by.items():
        rates, cpu = sorted(row["rate"] for row in of), median(of, "cpu")
        yield (f"| {contender} | {statistics.median(rates):,.0f} | {rates[0]:,.0f} … {rates[-1]:,.0f} | {cpu:,.1f} | "
               f"{share(ours, cpu)} | {median(of, 'p50') / 1000:.2f} | {median(of, 'p99') / 1000:.2f} | "
               f"{median(of, 'memory'):,.0f} |")
    yield ""


def share(ours, theirs):
    """How much of another's processor time ours is."""
    if not theirs:
        return ""
    return f"1/{theirs / ours:,.1f}" if theirs > ours else f"{ours / theirs:.2f}"


def median(rows, what):
    return statistics.median(row[what] for row in rows)
