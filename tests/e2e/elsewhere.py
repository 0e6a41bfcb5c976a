"""The web client on a port of its own, as somebody else's web server has it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Handler(SimpleHTTPRequestHandler):
    """Serves files, and the page for every other address."""

    page = b""

    def do_GET(self) -> None:
        if self.path.startswith(("/assets/", "/icon", "/theme", "/manifest")):
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hosted(built: Path, *, port: int, api: str, auth: str) -> Iterator[str]:
    """Serve a build whose page tells where the API is and how it is told who calls; yield the page's address."""
    page = (built / "index.html").read_text()
    for name, value in {"wallet-api": api, "wallet-auth": auth}.items():
        empty = f'name="{name}" content=""'
        assert empty in page
        page = page.replace(empty, f'name="{name}" content="{value}"')
    handler = type("Handler", (_Handler,), {"page": page.encode()})
    with ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(built))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{port}"
        server.shutdown()
        thread.join()
