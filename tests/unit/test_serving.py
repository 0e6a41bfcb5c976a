"""What the server reads of a request, and whom it lets run meanwhile."""

import io
import subprocess
import sys
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


def test_who_notifies_others_goes_on_with_the_lock() -> None:
    """In a process of its own, as the server patches it."""
    code = """
import threading
import gevent
from paytm.serving import Worker
worker = Worker.__new__(Worker)
worker.sockets = []
worker.patch()
others, condition = [], threading.Condition(threading.Lock())
gevent.spawn(others.append, "ran")
with condition:
    condition.notify()
    print(others)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
