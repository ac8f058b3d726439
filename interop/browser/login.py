#!/usr/bin/env python3
"""A person logs in to a first run's pages with a real browser; then the cookie is used without it.

    login.py --binaries target/debug --chromium /usr/bin/chromium --chromedriver /usr/bin/chromedriver
"""
import argparse
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from webdriver import Browser, free_port


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--binaries", required=True, help="folder of doorward")
    parser.add_argument("--chromium", required=True)
    parser.add_argument("--chromedriver", required=True)
    parser.add_argument("--screenshots", help="a folder for pictures of each page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="first-run-") as folder:
        port = free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("DOORWARD_", "DJANGO_"))}
        server = subprocess.Popen(
            [str(Path(options.binaries).resolve() / "doorward"), "runserver", f"127.0.0.1:{port}"],
            cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port, server)
            password = (Path(folder) / "doorward.password").read_text().strip()
            with Browser(shutil.which(options.chromium), shutil.which(options.chromedriver)) as browser:
                steps = Steps(browser, f"http://127.0.0.1:{port}", port, password, options.screenshots)
                steps.start_page()
                steps.nothing_overflows_a_telephone()
                steps.wrong_password()
                steps.admin_login()
                steps.cookie_without_the_browser()
                steps.logout()
                steps.api_login()
                steps.start_page_login()
                steps.start_page_logout()
                steps.logout_by_address()
                steps.lost()
                steps.nothing_was_blocked()
                steps.injected_scripts_are_blocked()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)
    print("13 passed, 0 failed")
    return 0


def wait_for(port: int, server):
    deadline = time.time() + 60
    while time.time() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not get ready within 60 s")


class Steps:
    def __init__(self, browser, site, port, password, screenshots):
        self.browser, self.site, self.port, self.password = browser, site, port, password
        self.screenshots = screenshots

    def picture(self, name):
        if self.screenshots:
            self.browser.screenshot(str(Path(self.screenshots) / f"{name}.png"))

    def log_in(self, password):
        self.browser.type("input[name=username]", "admin")
        self.browser.type("input[name=password]", password)
        self.browser.click("button[type=submit], input[type=submit]")

    def start_page(self):
        """The start page names the doors."""
        self.browser.open(f"{self.site}/")
        self.picture("start")
        assert "/api/token/" in self.browser.text, self.browser.text

    def nothing_overflows_a_telephone(self):
        """At 375 pixels no page is wider than its window."""
        self.browser.resize(375, 800)
        for path in ("/", "/admin/", "/api-auth/login/", "/api-auth/logout/", "/nowhere/"):
            self.browser.open(f"{self.site}{path}")
            root = "document.documentElement"
            needed, there = self.browser.run(f"return [{root}.scrollWidth, {root}.clientWidth]")
            assert needed <= there <= 375, (path, needed, there)
        self.browser.resize(900, 700)

    def wrong_password(self):
        """A wrong password shows the form again, with Django's words, and opens no session."""
        self.browser.open(f"{self.site}/admin/")
        self.picture("admin-login")
        self.log_in("not the password")
        self.browser.wait_for("Please enter the correct username and password")
        self.picture("admin-login-refused")
        assert self.browser.run("return document.activeElement.id") == "id_password"
        assert "sessionid" not in self.browser.cookies()

    def admin_login(self):
        """The right one leads to the administration page."""
        self.browser.open(f"{self.site}/admin/")
        self.log_in(self.password)
        self.browser.wait_for("Welcome, admin.")
        self.picture("admin")
        assert self.browser.url == f"{self.site}/admin/", self.browser.url
        session = self.browser.cookies()["sessionid"]
        assert session["httpOnly"] and session["sameSite"] == "Lax", session
        assert "sessionid" not in self.browser.run("return document.cookie")

    def cookie_without_the_browser(self):
        """The browser's cookie opens the API for any client."""
        session = self.browser.cookies()["sessionid"]["value"]
        status, body = self.get("/api/profile/", {"Cookie": f"sessionid={session}"})
        assert (status, body) == (200, b'{"username":"admin","email":""}'), (status, body)

    def logout(self):
        """Logging out ends it for everyone who holds the cookie."""
        session = self.browser.cookies()["sessionid"]["value"]
        self.browser.click("form[method=post] button")
        self.browser.wait_for("Password")
        self.picture("logged-out")
        assert "sessionid" not in self.browser.cookies()
        status, _ = self.get("/api/profile/", {"Cookie": f"sessionid={session}"})
        assert status == 401, status

    def api_login(self):
        """The form at /api-auth/login/ leads on to `next`."""
        self.browser.open(f"{self.site}/api-auth/login/?next=/api/profile/")
        self.picture("api-login")
        self.log_in(self.password)
        self.browser.wait_for('{"username":"admin","email":""}')
        assert self.browser.url == f"{self.site}/api/profile/", self.browser.url

    def start_page_login(self):
        """Who logs in from the start page comes back to it, and is named there."""
        self.log_out()
        self.browser.open(f"{self.site}/")
        self.browser.click("a[href='/api-auth/login/']")
        self.browser.wait_for("Password")
        self.log_in(self.password)
        self.browser.wait_for("You are logged in as admin.")
        assert self.browser.url == f"{self.site}/", self.browser.url
        self.picture("start-logged-in")

    def start_page_logout(self):
        """The button on the start page logs out, and leads back to it."""
        self.browser.click("form[method=post] button")
        self.browser.wait_for("You are not logged in.")
        assert "sessionid" not in self.browser.cookies()

    def logout_by_address(self):
        """Who opens the logout's address is shown a button that does it."""
        self.log_out()
        assert "sessionid" not in self.browser.cookies()

    def log_out(self):
        self.browser.open(f"{self.site}/api-auth/logout/")
        self.picture("logout")
        self.browser.click("form[method=post] button")
        self.browser.wait_for("You are logged out.")

    def lost(self):
        """An address that nothing stands at is told on a page, in the site's dress."""
        self.browser.open(f"{self.site}/nowhere/")
        self.browser.wait_for("The requested resource was not found on this server.")
        self.picture("lost")
        assert self.browser.run("return getComputedStyle(document.body).maxWidth") == "320px"

    def nothing_was_blocked(self):
        """The pages' own style stands under their Content-Security-Policy, and the console has no violation."""
        for path, width in {"/": "704px", "/api-auth/login/": "320px"}.items():
            self.browser.open(f"{self.site}{path}")
            seen = self.browser.run("return getComputedStyle(document.body).maxWidth")
            assert seen == width, (path, seen)
        violations = [line for line in self.browser.console() if "Content Security Policy" in line]
        assert not violations, violations

    def injected_scripts_are_blocked(self):
        """What slips into a page neither runs nor changes its looks, and the console says so."""
        self.browser.open(f"{self.site}/api-auth/login/")
        self.browser.run(
            "const script = document.createElement('script'); script.textContent = 'document.title = \"owned\"';"
            "document.body.append(script); document.body.setAttribute('style', 'max-width: 1px');"
        )
        assert self.browser.run("return document.title") == "Log in"
        assert self.browser.run("return getComputedStyle(document.body).maxWidth") == "320px"
        violations = [line for line in self.browser.console() if "Content Security Policy" in line]
        assert len(violations) == 2, violations

    def get(self, path, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


if __name__ == "__main__":
    sys.exit(main())
