"""Pictures, sound and otherwise, and what Cloudinary looks like from here."""

import base64
import json
import struct
import threading
import zlib
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def drawn(width: int = 40, height: int = 20, mode: str = "RGB", colour: Any = RED) -> Image.Image:
    """Return a picture whose left half is red, or of the colour, and whose right half is black."""
    image = Image.new(mode, (width, height))
    image.paste(colour, (0, 0, width // 2, height))
    return image


def encoded(image: Image.Image | None = None, kind: str = "PNG", **options: Any) -> bytes:
    """Return a picture as a file."""
    file = BytesIO()
    (image or drawn()).save(file, kind, **options)
    return file.getvalue()


def decoded(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """Return a PNG of a few bytes that says it has very many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(1000))) + _chunk(b"IEND")


def polyglot() -> bytes:
    """Return a PNG that is HTML to whoever reads it as such."""
    page = b"<html><body><script>alert(document.cookie)</script></body></html>"
    sound = encoded()
    end = sound.rindex(b"IEND") - 4
    return sound[:end] + _chunk(b"tEXt", b"Comment\0" + page) + sound[end:] + page


def _chunk(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


class Cloud:
    """Cloudinary, as far as it is needed: it takes pictures, deletes them, and refuses when it is told to."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.refuses = False
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                parts = _parts(self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"])))
                answer = cloud._answer(urlsplit(self.path).path, parts)
                body = json.dumps(answer).encode()
                self.send_response(500 if "error" in answer else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep the tests' output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def _answer(self, path: str, parts: dict[str, bytes]) -> dict[str, Any]:
        assert parts["api_key"] == b"key"
        assert parts["signature"]
        name = parts["public_id"].decode()
        if self.refuses:
            return {"error": {"message": "Out of order"}}
        if path == "/v1_1/demo/image/upload":
            self.stored[name] = parts["file"]
            return {"public_id": name, "secure_url": self.address(name)}
        assert path == "/v1_1/demo/image/destroy"
        return {"result": "ok" if self.stored.pop(name, None) else "not found"}

    def address(self, name: str) -> str:
        """Return where a picture is delivered from."""
        return f"https://res.cloudinary.com/demo/image/upload/v1/{name}"

    @property
    def url(self) -> str:
        """What leads an application here."""
        return f"cloudinary://key:secret@demo?upload_prefix=http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> "Cloud":
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _parts(content_type: str, body: bytes) -> dict[str, bytes]:
    """Return the fields of a form."""
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\n\n" + body
    )
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        found[str(name)] = part.get_payload(decode=True)
    return found


_JPEG = encoded(drawn(300, 300), "JPEG")

# What is no picture that anybody may send, and how it is refused.
BAD = {
    "bomb": (bomb(), 413, "picture_too_large"),
    "6 MiB": (encoded() + bytes(6 * 1024 * 1024 - 200), 413, "picture_too_large"),
    "truncated JPEG": (_JPEG[:-500], 400, "invalid_picture"),
    "SVG with a script": (SVG, 400, "invalid_picture"),
    "text": (b"picture", 400, "invalid_picture"),
    "nothing": (b"", 400, "invalid_picture"),
}
