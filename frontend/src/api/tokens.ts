import { BY_COOKIE } from "./settings";

/**
 * What this browser keeps of a session: whose it is and, only where cookies cannot be used, its tokens. All tabs share
 * it, because a refresh token works once.
 */
interface Kept {
  userId: string;
  access?: string;
  refresh?: string;
}

interface Given {
  accessToken: string;
  refreshToken: string;
}

const NAME = "wallet.session";
const RENEWED = "wallet.renewed";
const LEFT = "wallet.left";

export function kept(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

export function keep(userId: string, given: Given): void {
  const tokens = BY_COOKIE ? {} : { access: given.accessToken, refresh: given.refreshToken };
  localStorage.setItem(NAME, JSON.stringify({ userId, ...tokens }));
}

export function keepRenewed(given: Given): void {
  const mine = kept();
  if (mine) keep(mine.userId, given);
  localStorage.setItem(RENEWED, String(Date.now()));
}

export function forget(): void {
  const mine = kept();
  if (mine) sessionStorage.setItem(LEFT, mine.userId);
  localStorage.removeItem(NAME);
}

/** Tells whether the last session in this tab was of somebody else than the one of now. */
export function wasOfSomebodyElse(): boolean {
  const last = sessionStorage.getItem(LEFT);
  return last !== null && last !== kept()?.userId;
}

/** Tells whether any tab renewed the session since an instant. */
export function renewedSince(instant: number): boolean {
  return Number(localStorage.getItem(RENEWED)) > instant;
}

/** Calls back when another tab signs in, as whomever, or out. */
export function onOtherTab(changed: () => void): () => void {
  let user = kept()?.userId;
  const listen = (event: StorageEvent) => {
    if (event.key !== NAME && event.key !== null) return;
    const now = kept()?.userId;
    if (now !== user) changed();
    user = now;
  };
  window.addEventListener("storage", listen);
  return () => window.removeEventListener("storage", listen);
}
