import { io, type Socket } from "socket.io-client";
import { answer, api, type Schemas } from "../../api/client";
import { API_URL, BY_COOKIE } from "../../api/settings";
import { kept } from "../../api/tokens";
import { renew } from "../../api/transport";
import { cache, moneyMoved } from "../../app/cache";
import { suspect } from "../../app/outage";
import { format, paise } from "../../money/money";
import { toast } from "../../ui/toast";
import { forgetPresence, setOnline, setTyping, stopTyping } from "./presence";

type Happening = Schemas["Missed"]["events"][number];

/** What the socket says is a hint: what it names is asked for anew, and REST has the last word. */
const HINTS: Record<Exclude<Happening["event"], "transfer">, string[]> = {
  newMessage: ["conversations", "thread"],
  messageDeleted: ["conversations", "thread"],
  messagesRead: ["thread"],
  orderUpdated: ["orders", "payment", "products"],
  requestUpdated: ["requests", "thread"],
};

/** Up to where what happened is known, for what is missed while there is no socket. */
let cursor: string | null = null;
/** While that is asked for, what the socket tells is not all that happened before it. */
let isCatchingUp = false;
const shown = new Set<string>();
let open: Socket | null = null;
let typedAt = 0;

export function connect(): () => void {
  const socket = io(API_URL || location.origin, {
    transports: ["websocket"],
    // Asked each time it connects, because tokens are renewed.
    auth: (give) => give(BY_COOKIE ? {} : { token: kept()?.access }),
    withCredentials: BY_COOKIE,
    reconnectionDelayMax: 10_000,
    forceNew: true,
  });
  cursor = null;
  shown.clear();
  open = socket;
  socket.on("connect", () => void catchUp(socket));
  for (const event of ["transfer", ...Object.keys(HINTS)])
    socket.on(event, (data) => heed({ event, data } as Happening));
  socket.on("newMessage", ({ senderId }: Schemas["Remark"]) => stopTyping(senderId));
  socket.on("getOnlineUsers", setOnline);
  socket.on("typing", ({ from }: { from: string }) => setTyping(from));
  socket.on("resync", () => void catchUp(socket));
  socket.on("session_expired", () => void reconnect(socket));
  socket.on("connect_error", (error) => {
    if ((error as { data?: { code?: string } }).data?.code === "unauthorized") return void reconnect(socket);
    void suspect();
    // After a refusal it does not come back by itself.
    if (!socket.active) setTimeout(() => open === socket && socket.connect(), 5000);
  });
  // One that was closed for a newer tab comes back when somebody looks at this one.
  const look = () => document.visibilityState === "visible" && !socket.connected && socket.connect();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    socket.off();
    socket.close();
    open = null;
    forgetPresence();
  };
}

/** Tells somebody that one is writing, once a second at most. */
export function tellTyping(to: string): void {
  if (Date.now() - typedAt < 1000) return;
  typedAt = Date.now();
  open?.emit("typing", { to });
}

async function reconnect(socket: Socket): Promise<void> {
  socket.disconnect();
  try {
    await renew(Date.now() - 1000);
    socket.connect();
  } catch {
    // The session is at its end, or the API is away; the next answer of the API's tells which.
    setTimeout(() => open === socket && socket.connect(), 5000);
  }
}

/** Heeds an event, as the socket tells it or as it was missed. */
function heed(happening: Happening): void {
  if (happening.event === "transfer") moved(happening.data);
  else askAnew(HINTS[happening.event]);
}

function moved(movement: Schemas["Movement"]): void {
  if (!isCatchingUp) cursor = movement.cursor;
  moneyMoved();
  // It may come from the socket and as missed.
  const which = `${movement.transactionId}-${movement.account}`;
  if (movement.direction === "in" && !shown.has(which)) {
    toast(`${format(paise(movement.amount))} from ${movement.counterparty.name ?? "the bank"}`);
  }
  shown.add(which);
}

/** Asks for what was missed since the last event that is known, until there is no more; at first only for where that is. */
async function catchUp(socket: Socket): Promise<void> {
  isCatchingUp = true;
  try {
    for (let more = true; more;) {
      const query = { since: cursor, limit: 100 };
      const missed = await answer(api.GET("/api/v1/event", { params: { query } }));
      // What comes when the session is over is not told to whoever has the next one.
      if (open !== socket) return;
      missed.events.forEach(heed);
      ({ cursor, more } = missed);
    }
  } catch {
    if (open !== socket) return;
    // What is shown is asked for anew instead, as soon as that is possible.
    cursor = null;
    void cache.invalidateQueries();
  } finally {
    if (open === socket) isCatchingUp = false;
  }
}

function askAnew(names: string[]): void {
  for (const name of new Set(names)) void cache.invalidateQueries({ queryKey: [name] });
}
