import { useSyncExternalStore } from "react";
import { kept } from "../../api/tokens";
import type { State } from "../../intent/store";

/** What somebody wants to buy, by product; kept on this device until it is ordered. */
type Basket = ReadonlyMap<string, number>;

const EMPTY: Basket = new Map();

let basket = EMPTY;
let owner: string | undefined;
const listeners = new Set<() => void>();

function name(): string {
  return `wallet.basket.${owner ?? ""}`;
}

/** The basket of whoever is signed in. */
function current(): Basket {
  const userId = kept()?.userId;
  if (owner !== userId) {
    owner = userId;
    basket = stored();
  }
  return basket;
}

function stored(): Basket {
  try {
    return new Map(JSON.parse(localStorage.getItem(name()) ?? "[]") as [string, number][]);
  } catch {
    return EMPTY;
  }
}

function change(next: Basket): void {
  basket = next;
  localStorage.setItem(name(), JSON.stringify([...next]));
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

window.addEventListener("storage", (event) => {
  if (event.key === name()) change(stored());
});

/** Empties the basket when it is ordered, whichever page is shown by then. */
export function emptyWhenOrdered(state: State): void {
  current();
  if (state.status === "done" && state.intent.kind === "basket") change(EMPTY);
}

/** Lets a basket have so many pieces of a product; 0 takes it out. */
export function put(product: string, quantity: number): void {
  const next = new Map(current());
  if (quantity > 0) next.set(product, quantity);
  else next.delete(product);
  change(next);
}

export function useBasket(): Basket {
  return useSyncExternalStore(subscribe, current);
}
