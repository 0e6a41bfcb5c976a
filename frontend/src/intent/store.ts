/**
 * Intents to move money. Each has one idempotency key, from the moment somebody confirms it until there is a definite
 * answer, and is stored before it is sent. So a double click, a repetition after a lost answer and a page that is
 * loaded anew all mean the same payment, which happens once.
 */
import { ApiError, isUnknown, refusal, SessionEnded, Unreachable } from "../api/errors";
import { API_URL } from "../api/settings";
import { kept } from "../api/tokens";
import { onEnd, send } from "../api/transport";
import { newKey } from "./key";

export interface Intent {
  /** The idempotency key. */
  key: string;
  /** What it is for, its page first: of one kind there is one at a time. */
  kind: string;
  /** What it does, in words for people. */
  title: string;
  path: string;
  body: object;
}

export type State =
  | { status: "sending" | "unsure"; intent: Intent }
  | { status: "done"; intent: Intent; answer: unknown }
  | { status: "refused"; intent: Intent; error: unknown };

const LONGEST_PAUSE = 20;

let states: State[] = [];
const listeners = new Set<() => void>();
const settledListeners = new Set<(state: State) => void>();

/** Begins an intent, unless one of its kind has no answer yet. */
export function begin(wanted: Omit<Intent, "key">): void {
  if (states.some((state) => state.intent.kind === wanted.kind && isOpen(state))) return;
  const intent = { ...wanted, key: newKey() };
  store({ ...stored(), [intent.key]: intent });
  states = states.filter((state) => state.intent.kind !== intent.kind);
  void pursue(intent);
}

/** Takes up what an earlier page began and got no answer to. */
export function resume(): void {
  for (const intent of Object.values(stored())) {
    if (!states.some((state) => state.intent.key === intent.key)) void pursue(intent);
  }
}

/** Forgets an intent whose answer was seen. */
export function dismiss(key: string): void {
  states = states.filter((state) => state.intent.key !== key || isOpen(state));
  tell();
}

export function isOpen(state: State): boolean {
  return state.status === "sending" || state.status === "unsure";
}

export function current(): State[] {
  return states;
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls back with each intent that got its answer. */
export function onSettled(listener: (state: State) => void): () => void {
  settledListeners.add(listener);
  return () => settledListeners.delete(listener);
}

/** Sends an intent until there is a definite answer, while the session is its owner's. */
async function pursue(intent: Intent): Promise<void> {
  const owner = kept()?.userId;
  const isOwners = () => kept()?.userId === owner;
  set({ status: "sending", intent });
  for (let pause = 1; isOwners(); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return settle({ status: "done", intent, answer: await post(intent) });
    } catch (error) {
      // It waits where it is stored, until its owner has signed in again.
      if (error instanceof SessionEnded || !isOwners()) return;
      if (!isUnknown(error)) return settle({ status: "refused", intent, error });
      set({ status: "unsure", intent });
      const asked = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
      await new Promise((resolve) => setTimeout(resolve, Math.max(pause, asked) * 1000));
    }
  }
}

async function post(intent: Intent): Promise<unknown> {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": intent.key };
  const url = new URL(intent.path, API_URL || location.origin);
  const response = await send(new Request(url, { method: "POST", headers, body: JSON.stringify(intent.body) }));
  const body: unknown = await response.json().catch(() => {
    throw new Unreachable();
  });
  if (!response.ok) throw refusal(response, body);
  return body;
}

function settle(state: State): void {
  store(Object.fromEntries(Object.entries(stored()).filter(([key]) => key !== state.intent.key)));
  set(state);
  settledListeners.forEach((listener) => listener(state));
}

onEnd(() => {
  states = [];
  tell();
});

function set(state: State): void {
  states = [...states.filter((one) => one.intent.key !== state.intent.key), state];
  tell();
}

function tell(): void {
  listeners.forEach((listener) => listener());
}

function place(): string {
  return `wallet.intents.${kept()?.userId ?? ""}`;
}

function stored(): Record<string, Intent> {
  return JSON.parse(localStorage.getItem(place()) ?? "{}") as Record<string, Intent>;
}

function store(intents: Record<string, Intent>): void {
  if (Object.keys(intents).length) localStorage.setItem(place(), JSON.stringify(intents));
  else localStorage.removeItem(place());
}
