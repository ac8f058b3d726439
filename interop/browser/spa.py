#!/usr/bin/env python3
"""A person uses examples/spa with a real browser: login, reload, an expired token, forged requests, logout.

    spa.py --binaries target/debug --chromium /usr/bin/chromium --chromedriver /usr/bin/chromedriver
"""
import argparse
import http.server
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from webdriver import Browser, free_port

PASSWORD = "looking-glass-42"
SECRETS = {"DOORWARD_SECRET_KEY": "the secret key of this walk through a browser only, 0123456789"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--binaries", required=True, help="folder of spa and of doorward")
    parser.add_argument("--chromium", required=True)
    parser.add_argument("--chromedriver", required=True)
    parser.add_argument("--screenshots", help="a folder for pictures of each page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spa-") as folder:
        port = free_port()
        server = start(Path(options.binaries).resolve(), folder, port)
        try:
            make_user(Path(options.binaries).resolve(), folder)
            with Browser(shutil.which(options.chromium), shutil.which(options.chromedriver)) as browser, Forger(port) as forger:
                steps = Steps(browser, f"http://127.0.0.1:{port}", forger, options.screenshots)
                walk = [
                    steps.first_visit, steps.wrong_password, steps.login, steps.nothing_for_scripts, steps.reload,
                    steps.expired_token, steps.forged_beside_us, steps.forged_elsewhere, steps.forged_login, steps.logout,
                    steps.nothing_left,
                ]
                for step in walk:
                    step()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)
    print(f"{len(walk)} passed, 0 failed")
    return 0


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOORWARD_", "DJANGO_"))}
    return kept | SECRETS | more


def start(binaries: Path, folder: str, port: int):
    """The example, with access tokens that expire while one watches."""
    settings = environment(DOORWARD_SERVER__BIND=f"127.0.0.1:{port}", DOORWARD_JWT__ACCESS_TOKEN_LIFETIME="2s")
    quiet = subprocess.DEVNULL
    server = subprocess.Popen([binaries / "spa"], cwd=folder, env=settings, stdout=quiet, stderr=quiet)
    deadline = time.time() + 60
    while time.time() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"the example ended with {server.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the example did not listen within 60 s")


def make_user(binaries: Path, folder: str) -> None:
    command = [binaries / "doorward", "createsuperuser", "--noinput", "--username", "alice", "--email", "alice@example.com"]
    settings = environment(DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    subprocess.run(command, cwd=folder, env=settings, check=True, stdout=subprocess.DEVNULL)


class Forger:
    """A site of somebody else's, whose pages post forms to ours as soon as they are shown."""

    def __init__(self, target: int):
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, fields = self.path.partition("?")
                inputs = "".join(
                    f'<input name="{name}" value="{value}">'
                    for name, _, value in (field.partition("=") for field in fields.split("&") if field)
                )
                page = (
                    f'<form method="post" action="http://127.0.0.1:{target}{path}">{inputs}</form>'
                    "<script>document.forms[0].submit()</script>"
                ).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Steps:
    def __init__(self, browser, site, forger, screenshots):
        self.browser, self.site, self.forger, self.screenshots = browser, site, forger, screenshots

    def picture(self, name):
        if self.screenshots:
            self.browser.screenshot(str(Path(self.screenshots) / f"spa-{name}.png"))

    def fill_in(self, password):
        self.browser.run("document.querySelector('input[name=username]').value = ''")
        self.browser.type("input[name=username]", "alice")
        self.browser.type("input[name=password]", password)
        self.browser.click("#login button")

    def first_visit(self):
        """The page asks for a password; nobody has a cookie yet."""
        self.browser.open(f"{self.site}/")
        self.browser.wait_for("Log in")
        self.picture("first-visit")
        assert self.cookies() == {}, self.cookies()

    def wrong_password(self):
        """A wrong password is told with SimpleJWT's words."""
        self.fill_in("not the password")
        self.browser.wait_for("No active account found with the given credentials")
        self.picture("wrong-password")
        assert "refresh" not in self.cookies()

    def login(self):
        """The right one shows the profile; the refresh token is in a cookie that only its endpoints get."""
        self.fill_in(PASSWORD)
        self.browser.wait_for("Logged in as alice")
        self.picture("profile")
        refresh = self.cookies()["refresh"]
        assert refresh["httpOnly"] and refresh["secure"], refresh
        assert (refresh["sameSite"], refresh["path"]) == ("Strict", "/api/token/"), refresh

    def nothing_for_scripts(self):
        """No token is where a script could take it from."""
        assert self.browser.run("return localStorage.length + sessionStorage.length") == 0
        for path in ["/", "/api/token/verify/"]:
            if path != "/":
                self.browser.run(f"history.replaceState(null, '', '{path}')")
            shown = self.browser.run("return document.cookie")
            assert shown.startswith("csrftoken=") and ";" not in shown, shown
        assert self.browser.run("return typeof window.access") == "undefined"
        injected = "const s = document.createElement('script'); s.textContent = 'window.smuggled = 1';"
        self.browser.run(f"{injected} document.body.append(s)")
        assert self.browser.run("return window.smuggled") is None, "the policy lets no inline script run"

    def reload(self):
        """A reload forgets the access token, and the cookie fetches the next one."""
        before = self.refresh_token()
        self.browser.open(f"{self.site}/")
        self.browser.wait_for("Logged in as alice")
        self.picture("reloaded")
        assert self.refresh_token() != before, "each refresh token is good once"

    def expired_token(self):
        """A call with an expired access token is made again with a new one."""
        before = self.refresh_token()
        time.sleep(2.5)
        self.browser.run("document.getElementById('username').textContent = '…'")
        self.browser.click("#again")
        self.browser.wait_for("Logged in as alice")
        assert self.refresh_token() != before, "401, refreshed, asked again"

    def forged_beside_us(self):
        """A page of the same site but another origin: the browser sends the cookies, and the CSRF check refuses."""
        for path in ["/api/token/refresh/", "/api/token/blacklist/"]:
            self.forge("127.0.0.1", path)
            self.browser.wait_for("CSRF Failed: Origin checking failed")
        self.picture("forged")

    def forged_elsewhere(self):
        """A page of another site: the browser keeps the cookies to itself."""
        for path in ["/api/token/refresh/", "/api/token/blacklist/"]:
            self.forge("localhost", path)
            self.browser.wait_for("No valid refresh token found.")

    def forged_login(self):
        """Another site's page cannot log the visitor in as somebody else."""
        for host in ["127.0.0.1", "localhost"]:
            self.forge(host, f"/api/token/?username=alice&password={PASSWORD}")
            self.browser.wait_for("CSRF Failed: Origin checking failed")

    def forge(self, host, path):
        before = self.refresh_token()
        self.browser.open(f"http://{host}:{self.forger.port}{path}")
        deadline = time.time() + 20
        while not self.browser.url.startswith(self.site) and time.time() < deadline:
            time.sleep(0.05)
        assert self.browser.url.startswith(f"{self.site}/api/token/"), self.browser.url
        assert self.refresh_token() == before, "the cookie is the one it was"

    def logout(self):
        """The login outlived the forgeries; logging out takes the token back and the cookie away."""
        self.browser.open(f"{self.site}/")
        self.browser.wait_for("Logged in as alice")
        kept = self.refresh_token()
        self.browser.click("#logout")
        self.browser.wait_for("You are logged out.")
        self.picture("logged-out")
        assert "refresh" not in self.cookies()
        answer = self.browser.run(
            "const token = document.cookie.match(/csrftoken=([^;]*)/)[1];"
            "const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};"
            f"const body = JSON.stringify({{refresh: '{kept}'}});"
            "return fetch('/api/token/refresh/', {method: 'POST', headers, body}).then((answer) => answer.text())"
        )
        assert "Token is blacklisted" in answer, answer

    def nothing_left(self):
        """A reload finds nobody."""
        self.browser.open(f"{self.site}/")
        self.browser.wait_for("Log in")
        assert self.browser.run("return localStorage.length + sessionStorage.length") == 0

    def refresh_token(self):
        return self.cookies()["refresh"]["value"]

    def cookies(self):
        """All cookies, those for other paths and HttpOnly ones too."""
        command = {"cmd": "Network.getAllCookies", "params": {}}
        return {cookie["name"]: cookie for cookie in self.browser.call("POST", "/goog/cdp/execute", command)["cookies"]}


if __name__ == "__main__":
    sys.exit(main())
