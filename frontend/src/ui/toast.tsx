import { useSyncExternalStore } from "react";
import { onEnd } from "../api/transport";

interface Action {
  name: string;
  run: () => void;
}

interface Toast {
  id: number;
  text: string;
  action?: Action;
}

const SECONDS = 6;

let shown: Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

function change(next: Toast[]): void {
  shown = next;
  listeners.forEach((listener) => listener());
}

/** Says something for a moment, whatever page is shown; with an action for a longer one. */
export function toast(text: string, action?: Action): void {
  const id = ++count;
  change([...shown, { id, text, action }].slice(-3));
  setTimeout(() => drop(id), SECONDS * (action ? 2000 : 1000));
}

function drop(id: number): void {
  change(shown.filter((one) => one.id !== id));
}

onEnd(() => change([]));

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
      {toasts.map(({ id, text, action }) => (
        <div
          key={id}
          className="pointer-events-auto flex max-w-md items-center gap-3 rounded-xl bg-ink px-4 py-3 font-medium text-page shadow-lg"
        >
          <p>{text}</p>
          {action && (
            <button
              type="button"
              className="rounded-lg px-2 py-1 font-bold underline focus-visible:outline-page"
              onClick={() => {
                drop(id);
                action.run();
              }}
            >
              {action.name}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
