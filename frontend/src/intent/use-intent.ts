import { useSyncExternalStore } from "react";
import { begin, current, dismiss, type Intent, subscribe } from "./store";

export function useIntents() {
  return useSyncExternalStore(subscribe, current);
}

/** The intent of a kind: how it stands, how to begin one, and how to be done with its answer. */
export function useIntent(kind: string) {
  const state = useIntents().find((one) => one.intent.kind === kind);
  return {
    state,
    begin: (wanted: Omit<Intent, "key" | "kind">) => begin({ ...wanted, kind }),
    dismiss: () => state && dismiss(state.intent.key),
  };
}
