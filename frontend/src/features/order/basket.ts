import { useSyncExternalStore } from "react";
import { onSettled } from "../../intent/store";

/** What somebody wants to buy, by product; kept on this device until it is ordered. */
type Basket = ReadonlyMap<string, number>;

const NAME = "wallet.basket";

let basket = stored();
const listeners = new Set<() => void>();

function stored(): Basket {
  try {
    return new Map(JSON.parse(localStorage.getItem(NAME) ?? "[]") as [string, number][]);
  } catch {
    return new Map();
  }
}

function change(next: Basket): void {
  basket = next;
  localStorage.setItem(NAME, JSON.stringify([...next]));
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

window.addEventListener("storage", (event) => {
  if (event.key === NAME) change(stored());
});
// Whichever page is shown when the order is placed.
onSettled((state) => {
  if (state.status === "done" && state.intent.kind === "basket") change(new Map());
});

/** Lets a basket have so many pieces of a product; 0 takes it out. */
export function put(product: string, quantity: number): void {
  const next = new Map(basket);
  if (quantity > 0) next.set(product, quantity);
  else next.delete(product);
  change(next);
}

export function useBasket(): Basket {
  return useSyncExternalStore(subscribe, () => basket);
}
