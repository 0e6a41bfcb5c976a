"""How the server reads the headers of a request: exactly as the library does."""

import io
from http.client import HTTPException

from gevent.pywsgi import headers_factory
from hypothesis import example, given
from hypothesis import strategies as st

from paytm.serving import read_headers

_NAMES = st.sampled_from([b"Host", b"content-length", b"Transfer-Encoding", b"X-A", b"", b"Bad Name", b"\xff", b"{}"])
_SEPARATORS = st.sampled_from([b": ", b":", b" : ", b":\t ", b""])
_VALUES = st.binary(max_size=12) | st.sampled_from([b"5", b"chunked", b"a b ", b"\x0b\x0c\x1c\x85"])
_ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\n", b"\r", b"\r\n "])
_LINES = st.lists(st.tuples(_NAMES, _SEPARATORS, _VALUES, _ENDS).map(b"".join), max_size=6).map(b"".join)


def _read(reader: object, head: bytes) -> object:
    rest = io.BytesIO(head)
    try:
        headers = reader(rest, 0)  # type: ignore[operator]
    except HTTPException as error:
        return type(error)
    return headers.items(), headers.status, rest.read()


@given(_LINES, st.sampled_from([b"\r\n", b"\n", b""]))
@example(b"A: b\r\n" * 99, b"\r\n")
@example(b"A: b\r\n" * 100, b"\r\n")
@example(b"A: " + b" " * 70_000 + b"\r\n", b"\r\n")
@example(b"A: b\r\n", b"\r\n{}")
def test_headers_are_what_the_library_reads(lines: bytes, end: bytes) -> None:
    assert _read(read_headers, lines + end) == _read(headers_factory, lines + end)
