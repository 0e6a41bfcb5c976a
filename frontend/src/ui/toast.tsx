import { useSyncExternalStore } from "react";

interface Toast {
  id: number;
  text: string;
}

const SECONDS = 6;

let shown: Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

function change(next: Toast[]): void {
  shown = next;
  listeners.forEach((listener) => listener());
}

/** Says something for a moment, whatever page is shown. */
export function toast(text: string): void {
  const id = ++count;
  change([...shown, { id, text }].slice(-3));
  setTimeout(() => change(shown.filter((one) => one.id !== id)), SECONDS * 1000);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const toasts = useSyncExternalStore(subscribe, () => shown);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-50 grid justify-items-center gap-2 px-4 lg:bottom-6"
    >
      {toasts.map(({ id, text }) => (
        <p key={id} className="max-w-md rounded-xl bg-ink px-4 py-3 font-medium text-page shadow-lg">
          {text}
        </p>
      ))}
    </div>
  );
}
