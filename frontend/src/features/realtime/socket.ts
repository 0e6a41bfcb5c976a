import { io, type Socket } from "socket.io-client";
import { answer, api } from "../../api/client";
import { API_URL, BY_COOKIE } from "../../api/settings";
import { kept } from "../../api/tokens";
import { renew } from "../../api/transport";
import { cache, moneyMoved } from "../../app/cache";
import { suspect } from "../../app/outage";
import { format, paise, type Rupees } from "../../money/money";
import { toast } from "../../ui/toast";
import { setOnline, setTyping, stopTyping } from "./presence";

/** What the socket says is a hint: what it names is asked for anew, and REST has the last word. */
const HINTS: Record<string, string[]> = {
  newMessage: ["conversations", "thread"],
  messageDeleted: ["conversations", "thread"],
  messagesRead: ["thread"],
  orderUpdated: ["orders", "payment", "products"],
  requestUpdated: ["requests", "thread"],
};

/** The last event that is known, for what is missed while there is no socket. */
let cursor: string | null = null;
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
  open = socket;
  socket.on("connect", () => void catchUp());
  socket.on("transfer", told);
  for (const [event, names] of Object.entries(HINTS)) socket.on(event, () => askAnew(names));
  socket.on("newMessage", ({ senderId }: { senderId: string }) => stopTyping(senderId));
  socket.on("getOnlineUsers", setOnline);
  socket.on("typing", ({ from }: { from: string }) => setTyping(from));
  socket.on("resync", () => void cache.invalidateQueries());
  socket.on("session_expired", () => void reconnect(socket));
  socket.on("connect_error", (error) => {
    if ((error as { data?: { code?: string } }).data?.code === "unauthorized") return void reconnect(socket);
    void suspect();
    // After a refusal it does not come back by itself.
    if (!socket.active) setTimeout(() => socket.connect(), 5000);
  });
  // One that was closed for a newer tab comes back when somebody looks at this one.
  const look = () => document.visibilityState === "visible" && !socket.connected && socket.connect();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    socket.off();
    socket.close();
    open = null;
    setOnline([]);
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
    setTimeout(() => kept() && socket.connect(), 5000);
  }
}

/** What a `transfer` tells, as far as it matters here; the API's document has routes alone. */
interface Movement {
  cursor: string;
  direction: "in" | "out";
  amount: Rupees;
  counterparty: { name?: string | null };
}

function told(movement: Movement): void {
  cursor = movement.cursor;
  moneyMoved();
  if (movement.direction === "in")
    toast(`${format(paise(movement.amount))} from ${movement.counterparty.name ?? "the bank"}`);
}

async function catchUp(): Promise<void> {
  if (cursor) {
    askAnew(Object.values(HINTS).flat());
    moneyMoved();
  }
  const missed = await answer(api.GET("/api/v1/event", { params: { query: { since: cursor } } })).catch(() => null);
  if (!missed) return;
  if (missed.events.length) moneyMoved();
  cursor = missed.cursor;
}

function askAnew(names: string[]): void {
  for (const name of new Set(names)) void cache.invalidateQueries({ queryKey: [name] });
}
