import { refusal, SessionEnded, Unreachable } from "./errors";
import { API_URL, BY_COOKIE } from "./settings";
import { forget, keepRenewed, kept, renewedSince } from "./tokens";

// The API answers within 5 seconds, or says that it could not; pictures take longer on their way.
const PATIENCE = 30_000;
const REFRESH = "/api/v1/auth/refresh";

/**
 * Sends a request with this session's token or cookie, and where that has expired renews it once.
 * @throws SessionEnded also where somebody else has signed in meanwhile, whom the answer is not for.
 */
export async function send(request: Request): Promise<Response> {
  const begun = Date.now();
  const user = kept()?.userId;
  const again = request.clone();
  const response = await attempt(request);
  if (!user) return response;
  checkStillOf(user);
  if (!(await isExpired(response))) return response;
  await renew(begun);
  checkStillOf(user);
  const second = await attempt(again);
  checkStillOf(user);
  if (await isExpired(second)) throw end();
  return second;
}

/**
 * Gets new tokens, once for all tabs: a refresh token is used up with its first use.
 * @param since not if that was done after this instant, when the request was begun that found them expired.
 */
export async function renew(since: number): Promise<void> {
  await inTurn(async () => {
    if (renewedSince(since)) return;
    const mine = kept();
    if (!mine) throw new SessionEnded();
    const body = BY_COOKIE ? {} : { refreshToken: mine.refresh };
    const response = await attempt(
      new Request(new URL(REFRESH, API_URL || location.origin), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
    if (response.status === 401) throw end();
    const answered: unknown = await response.json().catch(() => null);
    if (!response.ok) throw refusal(response, answered);
    checkStillOf(mine.userId);
    keepRenewed(answered as Parameters<typeof keepRenewed>[0]);
  });
}

function checkStillOf(user: string): void {
  if (kept()?.userId !== user) throw new SessionEnded();
}

async function attempt(request: Request): Promise<Response> {
  const headers = new Headers(request.headers);
  const access = kept()?.access;
  if (access) headers.set("Authorization", `Bearer ${access}`);
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE)]);
  try {
    return await fetch(new Request(request, { headers, signal, credentials: BY_COOKIE ? "include" : "omit" }));
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Unreachable();
  }
}

async function isExpired(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body = (await response
    .clone()
    .json()
    .catch(() => ({}))) as { code?: string };
  return body.code === "unauthorized";
}

const ended = new Set<() => void>();

/** Calls back when this session has come to its end: what the page remembers of it is not the next one's to see. */
export function onEnd(listener: () => void): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

/** Ends what this browser knows of the session, and returns the error that says so. */
export function end(): SessionEnded {
  forget();
  ended.forEach((listener) => listener());
  return new SessionEnded();
}

let turn: Promise<unknown> = Promise.resolve();

/** Runs one after the other, in all tabs where the browser can tell them apart, else in this one. */
async function inTurn(body: () => Promise<void>): Promise<void> {
  // Browsers have locks on secure pages alone, whatever the types say.
  if ("locks" in navigator) return void (await navigator.locks.request("wallet.renew", body));
  const mine = turn.then(body, body);
  turn = mine.catch(() => undefined);
  return mine;
}
