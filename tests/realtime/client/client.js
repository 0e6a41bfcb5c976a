// Socket.IO clients for tests: takes one JSON command on each line of standard input, tells one event on each of output.
const { io } = require("socket.io-client");
const lines = require("readline").createInterface({ input: process.stdin });

const sockets = new Map();
const tell = (id, event, data) => process.stdout.write(JSON.stringify({ id, event, data, at: Date.now() }) + "\n");

function open({ id, url, auth, headers, transports, reconnection }) {
  const socket = io(url, {
    transports: transports || ["websocket"],
    forceNew: true,
    reconnection: reconnection || false,
    reconnectionDelay: 100,
    auth,
    extraHeaders: headers,
  });
  sockets.set(id, socket);
  socket.on("connect", () => tell(id, "connect"));
  socket.on("disconnect", (reason) => tell(id, "disconnect", reason));
  socket.on("connect_error", (error) => tell(id, "connect_error", { message: error.message, data: error.data }));
  socket.onAny((event, data) => tell(id, event, data));
}

lines.on("line", (line) => {
  const command = JSON.parse(line);
  const socket = sockets.get(command.id);
  if (command.do === "open") open(command);
  else if (command.do === "emit") socket.emit(command.event, command.data);
  else if (command.do === "close") socket.close();
  // A message of the WebSocket, as it is.
  else if (command.do === "write") socket.io.engine.transport.ws.send(command.packet);
});
lines.on("close", () => process.exit());
