"""A browser to drive: just enough of W3C WebDriver, over ChromeDriver. Standard library only."""
from __future__ import annotations

import base64
import json
import socket
import subprocess
import tempfile
import time
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver §12
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--window-size=900,700",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """A headless Chromium with an empty profile; use it in a `with`."""

    def __init__(self, chromium: str, chromedriver: str):
        self.profile = tempfile.TemporaryDirectory(prefix="chromium-")
        self.port = free_port()
        self.driver = subprocess.Popen(
            [chromedriver, f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        options = {"binary": chromium, "args": [*FLAGS, f"--user-data-dir={self.profile.name}"]}
        logs = {"browser": "ALL"}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": logs}}}
        self.session = self.first_call("POST", "/session", wanted)["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            self.profile.cleanup()

    def first_call(self, method, path, body):
        """ChromeDriver needs a moment before it listens."""
        deadline = time.time() + 20
        while True:
            try:
                return self.send(method, path, body)
            except OSError:
                if time.time() > deadline:
                    raise
                time.sleep(0.1)

    def send(self, method, path, body=None):
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())["value"]

    def call(self, method, path, body=None):
        return self.send(method, f"/session/{self.session}{path}", body)

    def open(self, url: str):
        self.call("POST", "/url", {"url": url})

    @property
    def url(self) -> str:
        return self.call("GET", "/url")

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return self.run("return document.body.innerText")

    def run(self, script: str):
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def find(self, css: str) -> str:
        found = self.call("POST", "/element", {"using": "css selector", "value": css})
        return f"/element/{found[ELEMENT]}"

    def type(self, css: str, text: str):
        self.call("POST", f"{self.find(css)}/value", {"text": text})

    def click(self, css: str):
        self.call("POST", f"{self.find(css)}/click")

    def wait_for(self, words: str):
        """Waits until the page says `words`; a slow hash may stand between a click and the next page."""
        deadline = time.time() + 20
        while words not in self.text:
            if time.time() > deadline:
                raise AssertionError(f"no {words!r} at {self.url}: {self.text}")
            time.sleep(0.05)

    def cookies(self) -> dict[str, dict]:
        return {cookie["name"]: cookie for cookie in self.call("GET", "/cookie")}

    def console(self) -> list[str]:
        """What the console has said since it was last asked."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def resize(self, width: int, height: int):
        """As a device with such a screen; a window could not be that small."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        command = {"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics}
        self.call("POST", "/goog/cdp/execute", command)

    def screenshot(self, path: str):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", "/screenshot")))
