"""The sockets of this process: who has them, what they are told, and when they have to go.

The change stream and the pulse run while there are sockets. The pulse says that this process lives, looks for those
that do not, and closes sockets whose token expired or whose session was ended.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

import structlog
from bson import ObjectId
from pymongo.errors import PyMongoError

from paytm import clock
from paytm.errors import Unavailable
from paytm.ledger.store import OUTBOX
from paytm.realtime import presence, signals, sources
from paytm.realtime.movements import Movements, Told
from paytm.realtime.presence import Connection
from paytm.realtime.sight import Sight
from paytm.realtime.stream import Change, Stream
from paytm.user import sessions
from paytm.user.tokens import Caller

log = structlog.get_logger()

_PULSE_SECONDS = 1.0
_BEAT_SECONDS = 2.0
_RECHECK_SECONDS = 3.0
# Clients wait twice as long.
_OPEN_SECONDS = 10.0
# When all come or go at once, they would take every connection to the database, and each would wait until it fails.
_MOST_AT_ONCE = 8
_TYPING_SECONDS = 1.0


class Port(Protocol):
    """How clients are reached."""

    def emit(self, event: str, payload: Any, *, to: str) -> None:
        """Send an event to a socket, or to all of a user by the user's id."""

    def close(self, sid: str) -> None:
        """Close a socket."""


@dataclass(eq=False)
class Socket:
    """A socket of this process.

    :param expires_at: in seconds since the epoch.
    :param is_present: whether it may be written down.
    :param has_to_go: the event that says why, where it has.
    """

    sid: str
    caller: Caller
    expires_at: int
    connection: Connection
    is_present: bool = False
    typed_at: float = 0.0
    has_to_go: str | None = None


@dataclass
class _Run:
    """What goes on while there are sockets, under an id of its own as a process."""

    stream: Stream
    process: ObjectId = field(default_factory=ObjectId)
    beaten_at: float = 0.0
    steady_since: float = 0.0
    rechecked_at: float = 0.0


class Hub:
    """All sockets of this process.

    :param most: how many a user may have, in all processes together.
    """

    def __init__(self, port: Port, sight: Sight, *, most: int) -> None:
        self._port = port
        self._sight = sight
        self._most = most
        self._sockets: dict[str, Socket] = {}
        self._users: defaultdict[ObjectId, set[str]] = defaultdict(set)
        # Ended, and not yet written down.
        self._gone: set[Connection] = set()
        self._has_changed = False
        self._movements = Movements()
        self._table = sources.table(self._movements)
        self._run: _Run | None = None
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(_MOST_AT_ONCE)

    def open(self, sid: str, caller: Caller, expires_at: int) -> None:
        """Take a socket in; from here on it is told of everything.

        :raises Unavailable: the database does not answer.
        """
        with self._lock:
            run = self._run = self._run or self._begin()
            connection = Connection(ObjectId(), caller.user_id, run.process)
            socket = self._sockets[sid] = Socket(sid, caller, expires_at, connection)
            self._users[caller.user_id].add(sid)
        try:
            surplus = self._enter(run, socket)
        except (Unavailable, PyMongoError):
            self.close(sid)
            raise
        for old in surplus:
            self._replace(old)

    def close(self, sid: str) -> None:
        """Let a socket go that has ended; one that is unknown is none of ours."""
        with self._lock:
            socket = self._sockets.pop(sid, None)
            if socket is None:
                return
            user_id = socket.caller.user_id
            self._users[user_id].discard(sid)
            if not self._users[user_id]:
                del self._users[user_id]
                self._movements.leave(user_id)
            if not socket.is_present:
                return
            self._gone.add(socket.connection)
        with self._turns:
            self._write_down(socket.connection)

    def count(self) -> int:
        """Return how many sockets there are."""
        return len(self._sockets)

    def greet(self, sid: str, user_id: ObjectId) -> None:
        """Tell a new socket who is online."""
        self._port.emit("getOnlineUsers", self._sight.online(user_id), to=sid)

    def typing(self, sid: str, to: ObjectId) -> None:
        """Tell somebody that the user of a socket is typing to them, once a second at most."""
        socket = self._sockets.get(sid)
        if socket is None or monotonic() < socket.typed_at + _TYPING_SECONDS:
            return
        socket.typed_at = monotonic()
        user_id = socket.caller.user_id
        if self._sight.reaches(user_id, to):
            signals.send(signals.TYPING, user=user_id, to=to)

    def _enter(self, run: _Run, socket: Socket) -> list[Connection]:
        until = monotonic() + _OPEN_SECONDS
        if not run.stream.opened.wait(_OPEN_SECONDS) or not self._turns.acquire(timeout=max(0.0, until - monotonic())):
            raise Unavailable
        try:
            self._movements.follow(socket.caller.user_id)
            socket.is_present = True
            return presence.enter(socket.connection, most=self._most)
        finally:
            self._turns.release()

    def _begin(self) -> _Run:
        run = _Run(Stream(self._handle, self._resync))
        run.stream.start()
        threading.Thread(target=self._pulse, args=[run], daemon=True).start()
        return run

    # What is told.

    def _handle(self, change: Change) -> None:
        collection, document = change["ns"]["coll"], change["fullDocument"]
        if collection == OUTBOX:
            told = self._table.get(document["kind"])
            for news in told(document) if told else ():
                self._tell(news)
        elif collection == "accounts":
            self._movements.opened(document["_id"], document["userId"])
        elif document["kind"] in (signals.ONLINE, signals.OFFLINE):
            self._tell_presence(document["user"])
        elif document["kind"] == signals.TYPING:
            self._tell((document["to"], "typing", {"from": str(document["user"])}))
        elif document["kind"] == signals.APART and (self._sight.is_open or document["acquainted"]):
            self._tell_apart(*document["people"])
        elif document["kind"] == signals.CLOSE:
            self._close_connection(document["connection"])

    def _tell(self, news: Told) -> None:
        user_id, event, payload = news
        if user_id in self._users:
            self._port.emit(event, payload, to=str(user_id))

    def _tell_presence(self, user_id: ObjectId) -> None:
        if self._sight.is_open:
            # For the pulse: to tell everybody of everybody each time would be too much when many come at once.
            self._has_changed = True
            return
        for one in self._sight.contacts(user_id):
            if one in self._users:
                self._tell((one, "getOnlineUsers", self._sight.online(one)))

    def _tell_apart(self, one: ObjectId, other: ObjectId) -> None:
        """Show who is online anew, to whom it changes for; nobody else shall notice that there is a block."""
        online = presence.is_online([one, other])
        for user_id, shown in ((one, other), (other, one)):
            if user_id in self._users and shown in online:
                self._tell((user_id, "getOnlineUsers", self._sight.online(user_id)))

    def _tell_everybody(self) -> None:
        self._has_changed = False
        for user_id, online in self._sight.all_online(list(self._users)):
            self._tell((user_id, "getOnlineUsers", online))

    def _resync(self) -> None:
        """Tell everybody to read anew: something happened, and nobody knows what; of money it is known."""
        for news in self._movements.all_told():
            self._tell(news)
        for user_id in list(self._users):
            self._tell((user_id, "resync", {}))

    # Who has to go.

    def _replace(self, connection: Connection) -> None:
        """Close a user's oldest connection, wherever it is."""
        if not self._close_connection(connection.id):
            signals.send(signals.CLOSE, connection=connection.id)

    def _close_connection(self, connection_id: ObjectId) -> bool:
        found = [socket for socket in list(self._sockets.values()) if socket.connection.id == connection_id]
        for socket in found:
            self._end(socket, "too_many_connections")
        return bool(found)

    def _end(self, socket: Socket, reason: str) -> None:
        # One whose handshake is still under way cannot be closed yet; the pulse comes back to it.
        socket.has_to_go = reason
        self._port.emit(reason, {}, to=socket.sid)
        self._port.close(socket.sid)

    def _write_down(self, connection: Connection) -> None:
        try:
            presence.leave(connection)
            with self._lock:
                self._gone.discard(connection)
        except PyMongoError:
            # The pulse tries again.
            log.warning("presence_not_written")

    # The pulse.

    def _pulse(self, run: _Run) -> None:
        pause = threading.Event()
        while self._is_wanted(run):
            try:
                self._beat(run)
            except PyMongoError as error:
                log.warning("database_unavailable", error=type(error).__name__)
            except Exception:
                log.exception("pulse_failed")
            pause.wait(_PULSE_SECONDS)
        try:
            presence.remove(run.process)
        except PyMongoError as error:
            # Whoever sweeps does it instead.
            log.warning("database_unavailable", error=type(error).__name__)

    def _is_wanted(self, run: _Run) -> bool:
        with self._lock:
            if self._sockets or self._gone:
                return True
            self._run = None
        run.stream.stop()
        return False

    def _beat(self, run: _Run) -> None:
        for socket in list(self._sockets.values()):
            if socket.has_to_go or socket.expires_at <= clock.now().timestamp():
                self._end(socket, socket.has_to_go or "session_expired")
        for connection in list(self._gone):
            self._write_down(connection)
        if self._has_changed:
            self._tell_everybody()
        now = monotonic()
        if now >= run.beaten_at + _BEAT_SECONDS:
            self._show_life(run, now)
        if now >= run.rechecked_at + _RECHECK_SECONDS:
            self._recheck()
            run.rechecked_at = now

    def _show_life(self, run: _Run, now: float) -> None:
        is_first = not run.beaten_at
        is_late = now > run.beaten_at + presence.SILENT_SECONDS
        if presence.beat(run.process) and not is_first:
            # This process was held for dead.
            for socket in list(self._sockets.values()):
                presence.enter(socket.connection, most=self._most)
        if is_late:
            # When the database was away for all, none of the others is dead for having been silent.
            run.steady_since = now
        run.beaten_at = now
        if now >= run.steady_since + presence.SILENT_SECONDS:
            presence.sweep()

    def _recheck(self) -> None:
        held = list(self._sockets.values())
        standing = sessions.standing({socket.caller.session_id for socket in held})
        for socket in held:
            if socket.caller.session_id not in standing:
                self._end(socket, "session_expired")
