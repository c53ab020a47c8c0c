"""合作单位的回调接收端示例，只用 Python 标准库。 A partner's web hook receiver; nothing but Python's standard library.

    MULIN_SECRET=whsec_… python receiver.py 8080

先验签，再去重，再看序号；处理完才回答 2xx。 Verify, drop repetitions, look at the number, and answer 2xx only when done.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 300


def verify(secrets: list[str], headers: dict[str, str], body: bytes) -> None:
    """Raise ValueError unless one of our secrets signed exactly these bytes within the last five minutes."""
    message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("too old or too new")
    content = f"{message_id}.{timestamp}.".encode() + body
    given = [part[3:] for part in headers["webhook-signature"].split() if part.startswith("v1,")]
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(expected, signature) for signature in given):
            return
    raise ValueError("no signature matches")


class Receiver(BaseHTTPRequestHandler):
    """Keeps ids and numbers in memory; a real receiver keeps them in its database, with the effect."""

    secrets = os.environ.get("MULIN_SECRET", "").split()
    seen: set[str] = set()  # noqa: RUF012 - one for all connections
    last: dict[str, int] = {}  # noqa: RUF012

    def do_POST(self) -> None:
        """One message."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            verify(self.secrets, {name.lower(): value for name, value in self.headers.items()}, body)
        except (KeyError, ValueError) as error:
            self.answer(401, f"refused: {error}")
            return
        event = json.loads(body)
        if event["id"] in self.seen:
            self.answer(204, f"again: {event['id']}")
            return
        number, last = int(event["sequence"]), self.last.get(event["subscription"])
        if last is not None and number != last + 1:
            print(f"缺号 gap: {last} -> {number}", flush=True)
        print(f"{number} {event['type']} {json.dumps(event['data'], ensure_ascii=False)}", flush=True)
        self.seen.add(event["id"])
        self.last[event["subscription"]] = number
        self.answer(204)

    def answer(self, status: int, said: str = "") -> None:
        """Answer without a body."""
        if said:
            print(said, flush=True)
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """No access log."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
