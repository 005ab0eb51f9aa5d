"""The demo by https, in a folder of its own, as `make demo ARGS=--tls` starts it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

from portal.demo.certificate import trusting
from portal.demo.check import Visitor
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
RUNS = "The portal runs on "


class Demo:
    def __init__(self, var: Path):
        self.port, self.var = free_port(), var
        self.site = f"https://127.0.0.1:{self.port}"
        self.certificate = var / "tls" / "certificate.pem"

    def __enter__(self) -> "Demo":
        environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environ |= {"PORT": str(self.port), "PORTAL_VAR": str(self.var), "WEBHOOKS_TO_THIS_MACHINE": "1"}
        command = [sys.executable, "manage.py", "demo", "--tls", "--reset"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout or ():
            if line.startswith(RUNS):
                break
        else:
            raise SystemExit("The demo ended before it ran.")
        Thread(target=self.process.communicate, daemon=True).start()  # what it says later is nobody's
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def visitor(self, email: str) -> Visitor:
        """A person of the demo, signed in."""
        visitor = Visitor(self.site, email, trusting(self.certificate))
        page = visitor.sign_in(email, "demo-portal-2026")
        if page.problem:
            raise SystemExit(str(page))
        return visitor

    def openapi(self) -> str:
        return Visitor(self.site, "a program", trusting(self.certificate)).get("/api/openapi.json").text
