"""A real browser: Chromium driven over the WebDriver protocol, with no package between."""
import base64
import json
import pathlib
import re
import shutil
import signal
import tempfile
import urllib.error
import urllib.request

import servers
import suite

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's name for a reference to an element
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en-US",
         "--disable-dev-shm-usage", "--no-default-browser-check"]
TAB = "\ue004"
TIMEOUT = 120


class BrowserError(Exception):
    pass


def request(method, url, body=None):
    data = None if method == "GET" else json.dumps(body or {}).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        value = json.load(error)["value"]
        raise BrowserError(f"{value['error']}: {value['message'].splitlines()[0]}") from None


class Driver(servers.Server):
    """chromedriver, running."""

    def __init__(self):
        program = shutil.which("chromedriver")
        if not program or not shutil.which("chromium"):
            raise suite.Skip("Chromium and its driver are not installed: tools/bootstrap test")
        super().__init__(program, "--port=0", preexec_fn=servers.end_with_parent(signal.SIGTERM))

    def listening(self):
        found = re.search(r"started successfully on port (\d+)", self.text())
        return found and f"127.0.0.1:{found[1]}"


class Browser:
    """One window on a site: pages by path, elements by CSS selectors."""

    def __init__(self, site):
        self.site = site
        self.profile = tempfile.TemporaryDirectory(prefix="nuages-browser-", ignore_cleanup_errors=True)
        self.driver = Driver()

    def __enter__(self):
        self.driver.__enter__()
        try:
            self.session = self.open_session()
        except BaseException:
            self.driver.__exit__(None, None, None)
            raise
        return self

    def open_session(self):
        options = {"args": [*FLAGS, f"--user-data-dir={self.profile.name}"]}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        root = f"http://{self.driver.address}/session"
        return f"{root}/{request('POST', root, {'capabilities': {'alwaysMatch': wanted}})['sessionId']}"

    def __exit__(self, *details):
        try:
            request("DELETE", self.session)
        finally:
            self.driver.__exit__(*details)
            self.profile.cleanup()

    def call(self, method, path, **body):
        return request(method, f"{self.session}/{path}", body)

    def devtools(self, command, **parameters):
        return self.call("POST", "goog/cdp/execute", cmd=command, params=parameters)

    # ---- the window ----

    def resize(self, width, height):
        """The viewport's size; below 600 pixels a phone's."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                      mobile=width < 600)

    def prefer(self, colours):
        """What the system prefers: "light" or "dark"."""
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": colours}])

    def screenshot(self, path):
        """The whole page as a picture."""
        path = pathlib.Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def complaints(self):
        """What the console got since the last call, but for notes."""
        return [entry["message"] for entry in self.call("POST", "se/log", type="browser")
                if entry["level"] in ("SEVERE", "WARNING")]

    # ---- pages ----

    def go(self, path):
        self.open(f"http://{self.site.address}{path}")

    def open(self, url):
        self.call("POST", "url", url=url)

    def path(self):
        return self.call("GET", "url").removeprefix(f"http://{self.site.address}")

    def run(self, script, *arguments):
        """The value of a function's body in the page."""
        return self.call("POST", "execute/sync", script=script, args=list(arguments))

    # ---- elements ----

    def find(self, selector):
        return self.call("POST", "element", using="css selector", value=selector)[ELEMENT]

    def count(self, selector):
        return len(self.call("POST", "elements", using="css selector", value=selector))

    def text(self, selector="main"):
        return self.call("GET", f"element/{self.find(selector)}/text")

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.trim())", selector)

    def click(self, selector):
        """Click what leads nowhere else."""
        self.call("POST", f"element/{self.find(selector)}/click")

    def follow(self, selector):
        """Click what leads to a page, this or another, and wait for that."""
        self.leave_by(self.find(selector))

    def choose(self, label):
        """Follow the link or button with this text."""
        found = self.call("POST", "element", using="xpath",
                          value=f"//a[normalize-space()='{label}']|//button[normalize-space()='{label}']")
        self.leave_by(found[ELEMENT])

    def leave_by(self, element):
        self.run("window.left = true")
        self.call("POST", f"element/{element}/click")
        servers.wait_for(lambda: self.run("return !window.left && document.readyState === 'complete'"), "next page")

    def fill(self, fields):
        """{name: text}: type into the fields of the page; dates and choices are set."""
        for name, text in fields.items():
            element = self.find(f"main [name='{name}']")
            kind = self.run("return arguments[0].type", {ELEMENT: element})
            if kind in ("date", "select-one"):
                self.run("arguments[0].value = arguments[1]", {ELEMENT: element}, text)
            else:
                self.call("POST", f"element/{element}/clear")
                self.call("POST", f"element/{element}/value", text=text)

    def press(self, key):
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.call("POST", "actions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])
