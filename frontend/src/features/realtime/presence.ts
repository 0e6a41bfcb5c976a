import { useSyncExternalStore } from "react";

const TYPING_SECONDS = 3;

let online: ReadonlySet<string> = new Set();
let typing: ReadonlySet<string> = new Set();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();

function tell(): void {
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setOnline(ids: string[]): void {
  online = new Set(ids);
  tell();
}

/** Notes that somebody is writing; it passes by itself. */
export function setTyping(id: string): void {
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => stopTyping(id), TYPING_SECONDS * 1000),
  );
  typing = new Set([...typing, id]);
  tell();
}

export function stopTyping(id: string): void {
  typing = new Set([...typing].filter((one) => one !== id));
  tell();
}

/** Forgets who is there, and who is writing. */
export function forgetPresence(): void {
  online = typing = new Set();
  tell();
}

export function useOnline(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, () => online);
}

export function useTyping(id: string): boolean {
  return useSyncExternalStore(subscribe, () => typing).has(id);
}
