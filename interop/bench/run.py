#!/usr/bin/env python3
"""Measures Doorward beside Django, and beside bare axum, in one run.

    cargo xtask bench [--quick]      # builds what is needed, and runs this

Each contender starts on a copy of one seeded database, in turn, several rounds; a figure is the median of the rounds. A
request that fails fails the run. The generator of load shares the machine."""
import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import contenders
import machine
import report
import scenarios
from seeded import Site

OWN = {"date", "content-length", "connection"}


def main():
    options = parse()
    programs = Path(options.programs).resolve()
    with tempfile.TemporaryDirectory() as folder:
        site = Site(str(programs / "tutorial"), options.database, folder, options.people)
        try:
            told = measure(options, programs, site)
        finally:
            site.shelf.clear()
    report.write(told, options)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True, help="the folder of tutorial, bench-load and bench-bare")
    parser.add_argument("--python", default=sys.executable, help="one that has the reference's requirements, and ours")
    parser.add_argument("--database", default="sqlite", help="sqlite, or the address of a PostgreSQL")
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--quick", action="store_true", help="three scenarios and three contenders, once")
    parser.add_argument("--into", help="the paper whose section is written; else it is printed")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 3
    return options


def measure(options, programs, site):
    """A row for each scenario, contender and round."""
    rows = []
    chosen = scenarios.QUICK if options.quick else scenarios.ALL
    djangos = list(contenders.django(options.python))
    all_of_them = [*(djangos[:1] if options.quick else djangos), contenders.doorward(str(programs / "tutorial"))]
    load, bare = str(programs / "bench-load"), contenders.Bare(str(programs / "bench-bare"))
    for round_ in range(options.rounds):
        for number, contender in enumerate(all_of_them):
            server = contender.start(site, site.copy(number))
            try:
                for scenario in chosen:
                    rows.append(one(options, site, load, contender.name, scenario, server))
                    if contender is all_of_them[-1] and scenario.reads:
                        rows.append(beside(options, site, load, bare, scenario, server))
            finally:
                server.stop()
        print(f"round {round_ + 1} of {options.rounds} is done", file=sys.stderr)
    return rows


def one(options, site, load, name, scenario, server):
    """What one scenario costs one contender."""
    tokens = chains(server, site, scenario.connections) if scenario.chain else []
    plan = scenarios.plan(scenario, site, server.port, options.seconds, tokens)
    before = machine.seconds(server.process.pid)
    done = subprocess.run([load], input=plan, capture_output=True, text=True, check=True)
    cost = machine.seconds(server.process.pid) - before
    told = json.loads(done.stdout)
    if told["broken"] or set(told["statuses"]) != {"200"}:
        sys.exit(f"{name}, {scenario.name}: {told['statuses']}, {told['broken']} broken")
    # The warm-up second costs as much as the others.
    asked = told["rate"] * (options.seconds + 1)
    return {"scenario": scenario.name, "contender": name, "cpu": cost / asked * 1e6,
            "memory": machine.megabytes(server.process.pid), **told}


def beside(options, site, load, bare, scenario, server):
    """Bare axum, with the answer of the server that was just measured."""
    ask = scenario.ask(site.people[0])
    other = bare.start(site, None, answered(server.port, ask))
    try:
        return one(options, site, load, bare.name, scenario, other)
    finally:
        other.stop()


def answered(port, ask):
    line, _, rest = ask.decode().partition("\r\n")
    headers = dict(pair.split(": ", 1) for pair in rest.split("\r\n") if pair)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", line.split()[1], headers=headers)
    response = connection.getresponse()
    kept = [(name, value) for name, value in response.getheaders() if name.lower() not in OWN]
    return {"path": line.split()[1], "status": response.status, "headers": kept, "body": response.read().decode()}


def chains(server, site, count):
    """A refresh token for each connection."""
    who = {"username": site.people[0].username, "password": scenarios.PASSWORD}
    return [refresh_token(server.port, json.dumps(who).encode()) for _ in range(count)]


def refresh_token(port, login):
    told = urllib.request.Request(f"http://127.0.0.1:{port}/api/token/", login, {"Content-Type": "application/json"})
    with urllib.request.urlopen(told) as answer:
        return json.load(answer)["refresh"]


if __name__ == "__main__":
    main()
