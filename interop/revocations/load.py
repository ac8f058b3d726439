"""Everybody else: many who are let in all the while, each by a token, a session or a JSON web token."""
import itertools
import threading
import time

import people
from changes import ACCESS, SESSION, TOKEN
from door import Connection, request

CROWD = 150
CONNECTIONS = 4
PAUSE = 0.004


def run(site, ending, told):
    """A process of its own: asks until it is told to end; tells how many were answered, and how otherwise than with 200."""
    people.set_up(site.environment)
    crowd = people.make("crowd", CROWD)
    sent = [
        request("GET", ask.path, who.headers(ask.credential)) for who in crowd for ask in (TOKEN, SESSION, ACCESS)
    ]
    statuses = []
    threads = [
        threading.Thread(target=ask, args=(Connection(site.ports[0]), sent[number::CONNECTIONS], ending, statuses))
        for number in range(CONNECTIONS)
    ]
    told.put("ready")
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    others = sorted({status for status in statuses if status != 200})
    told.put((len(statuses) / (time.monotonic() - began), others))


def ask(connection, sent, ending, statuses):
    for one in itertools.cycle(sent):
        if ending.is_set():
            return connection.close()
        statuses.append(connection.ask(one).status)
        time.sleep(PAUSE)
