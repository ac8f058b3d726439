#!/usr/bin/env python3
"""Requests with bodies that are refused early, over kept connections, through the real nginx and HAProxy: none is lost.

    run.py --doorward target/debug/doorward [--requests 2000] [--seed N]

Each is drawn at random: the way it goes, the refusal, the size of its body, Content-Length or chunks, Expect or not; and
on the same connection a small request follows. Python 3.11 and its standard library.
"""
import argparse
import collections
import math
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from clients import Http1, Http2, Lost, wait_for

SETTINGS = """\
secret_key = "a-key-for-tests-that-is-long-enough-0123456789"
allowed_hosts = ["open.test", "throttled.test", "localhost"]
[database]
url = "sqlite://{folder}/{name}.sqlite3"
[passwords]
hashers = ["md5"]
[server]
bind = "127.0.0.1:{port}"
"""
THROTTLED = '[rest]\nthrottle = ["anon"]\n[throttle.rates]\nanon = "1/day"\n'

NGINX = """\
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 512; }}
http {{
  access_log off; client_max_body_size 10m;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream open.test {{ server 127.0.0.1:{open}; keepalive 4; }}
  upstream throttled.test {{ server 127.0.0.1:{throttled}; keepalive 4; }}
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
  server {{ listen 127.0.0.1:{buffered}; location / {{ proxy_pass http://$host; }} }}
  server {{ listen 127.0.0.1:{unbuffered}; proxy_request_buffering off; location / {{ proxy_pass http://$host; }} }}
}}
"""
HAPROXY = """\
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  option http-keep-alive
  http-reuse always
  retries 0
frontend site
  bind 127.0.0.1:{haproxy}
  use_backend throttled if {{ hdr(host) -i throttled.test }}
  default_backend open
backend open
  server one 127.0.0.1:{open}
backend throttled
  server one 127.0.0.1:{throttled}
"""

# How it is refused: method, path, headers, and the statuses that are right; a body may be too large besides.
REFUSALS = {
    "401": ("POST", "/api/profile/", {"Authorization": "Bearer wrong"}, {401}),
    "403": ("POST", "/api-auth/login/", {"Content-Type": "application/x-www-form-urlencoded"}, {403, 413}),
    "404": ("POST", "/nowhere/", {}, {404}),
    "405": ("DELETE", "/healthz", {}, {405}),
    "413": ("POST", "/api/token/", {"Content-Type": "application/json"}, {400, 413}),
    "415": ("POST", "/api/token/", {"Content-Type": "text/xml"}, {413, 415}),
    "429": ("POST", "/api/token/", {"Content-Type": "application/json", "Host": "throttled.test"}, {429}),
    "redirect": ("POST", "/api-auth/login", {}, {301, 308}),
    "ignored": ("GET", "/healthz", {}, {200}),
}
WAYS = ["direct", "http2", "nginx", "nginx, unbuffered", "haproxy"]
# Where nginx does not buffer a request, it closes its client's connection without a word when a server, whichever it be,
# answers before it has the body. So its clients keep none; its own connections to the servers are kept all the same.
UNKEPT = "nginx, unbuffered"
SMALLEST, LARGEST = 500, 3_000_000


def main():
    options = parse()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="proxies-") as folder:
        os.chmod(folder, 0o755)
        site = Site(options, Path(folder))
        try:
            site.start()
            tally = Tally()
            start = time.monotonic()
            crowd(site, options, tally)
            print(f"{tally.asked} requests in {time.monotonic() - start:.0f} s; {dict(tally.statuses)}")
        finally:
            site.stop()
    for problem in tally.problems[:20]:
        print(problem, file=sys.stderr)
    print(f"{tally.asked - len(tally.problems)} passed, {len(tally.problems)} failed")
    return 1 if tally.problems else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--doorward", required=True, help="the program")
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    return parser.parse_args()


class Tally:
    def __init__(self):
        self.lock, self.asked = threading.Lock(), 0
        self.statuses, self.problems = collections.Counter(), []

    def add(self, status, problem):
        with self.lock:
            self.asked += 1
            self.statuses[status] += 1
            if problem:
                self.problems.append(problem)


class Site:
    """Two servers, one of which is throttled, and the proxies before them."""

    def __init__(self, options, folder):
        self.doorward, self.folder = str(Path(options.doorward).resolve()), folder
        names = ["open", "throttled", "buffered", "unbuffered", "haproxy"]
        self.ports, self.processes = dict(zip(names, free_ports(len(names)))), []

    def start(self):
        for name, more in {"open": "", "throttled": THROTTLED}.items():
            config = self.folder / f"{name}.toml"
            config.write_text(SETTINGS.format(folder=self.folder, name=name, port=self.ports[name]) + more)
            subprocess.run([self.doorward, "--config", config, "migrate"], check=True, stdout=subprocess.DEVNULL)
            self.run([self.doorward, "--config", config, "--log", "warn", "runserver"], self.ports[name])
        for name, text, command, port in [
            ("nginx.conf", NGINX, ["nginx", "-p", self.folder, "-c"], "buffered"),
            ("haproxy.cfg", HAPROXY, ["haproxy", "-db", "-f"], "haproxy"),
        ]:
            (self.folder / name).write_text(text.format(folder=self.folder, **self.ports))
            program = shutil.which(command[0], path=os.environ.get("PATH", "") + ":/usr/sbin")
            self.run([program, *command[1:], self.folder / name], self.ports[port])

    def run(self, command, port):
        log = (self.folder / f"{Path(command[0]).name}-{port}.log").open("w")
        self.processes.append(subprocess.Popen([str(word) for word in command], stdout=log, stderr=log))
        wait_for(port, self.processes[-1])

    def client(self, way, host):
        server = "throttled" if host == "throttled.test" else "open"
        match way:
            case "direct":
                return Http1(self.ports[server])
            case "http2":
                return Http2(self.ports[server])
            case "nginx":
                return Http1(self.ports["buffered"])
            case "nginx, unbuffered":
                return Http1(self.ports["unbuffered"])
            case "haproxy":
                return Http1(self.ports["haproxy"])

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def free_ports(count):
    listeners = [socket.socket() for _ in range(count)]
    for listener in listeners:
        listener.bind(("127.0.0.1", 0))
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def crowd(site, options, tally):
    # The one request a day that the throttled server lets pass.
    site.client("direct", "throttled.test").ask("POST", "/api/token/", {"Host": "throttled.test"}, b"")
    share = options.requests // 2 // options.threads
    threads = [
        threading.Thread(target=work, args=(site, random.Random(f"{options.seed}-{number}"), share, tally))
        for number in range(options.threads)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def work(site, chance, times, tally):
    """Each request with a body is followed by a small one on the same connection."""
    clients = {}
    for _ in range(times):
        way, kind = chance.choice(WAYS), chance.choice(list(REFUSALS))
        method, path, headers, statuses = REFUSALS[kind]
        size = round(math.exp(chance.uniform(math.log(SMALLEST), math.log(LARGEST))))
        chunked, expect = chance.random() < 0.4, chance.random() < 0.2
        headers = {"Host": "open.test", **headers}
        key = (way, headers["Host"])
        client = clients.setdefault(key, None) or site.client(*key)
        clients[key] = client
        told = f"{way}: {kind}, {size} bytes, {'chunked' if chunked else 'length'}, {'expect' if expect else 'at once'}"
        ask(client, tally, told, statuses, method, path, headers, b"a" * size, chunked, expect)
        if way == UNKEPT:
            client.close()
        small = {"Host": headers["Host"]}
        ask(client, tally, f"after {told}", {200}, "GET", "/healthz", small, b"", False, False)


def ask(client, tally, told, statuses, *request):
    try:
        status = client.ask(*request)
    except Lost as lost:
        return tally.add("lost", f"{told}: {lost}")
    tally.add(status, None if status in statuses else f"{told}: {status}, not one of {sorted(statuses)}")


if __name__ == "__main__":
    sys.exit(main())
