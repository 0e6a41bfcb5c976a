import { API_URL } from "../api/settings";

/** Whether the API is away, and when it is back: that is looked for while it lasts. */
const PAUSE = 2000;

let away = false;
const listeners = new Set<() => void>();
const returned = new Set<() => void>();

export function noteOutage(): void {
  if (away) return;
  away = true;
  tell();
  setTimeout(() => void look(), PAUSE);
}

/** Looks whether the API is away, where something hints at it. */
export async function suspect(): Promise<void> {
  if (!away && !(await answers())) noteOutage();
}

export function noteReach(): void {
  if (!away) return;
  away = false;
  tell();
  returned.forEach((listener) => listener());
}

export function isAway(): boolean {
  return away;
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls back when the API is there again. */
export function onReturn(listener: () => void): () => void {
  returned.add(listener);
  return () => returned.delete(listener);
}

async function look(): Promise<void> {
  if (!away) return;
  if (await answers()) noteReach();
  else setTimeout(() => void look(), PAUSE);
}

async function answers(): Promise<boolean> {
  return fetch(`${API_URL}/health/ready`).then(
    (response) => response.ok,
    () => false,
  );
}

function tell(): void {
  listeners.forEach((listener) => listener());
}
