import { queryOptions, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { ApiError } from "../../api/errors";
import { keep, kept, onOtherTab } from "../../api/tokens";
import { end, onEnd } from "../../api/transport";
import { cache } from "../../app/cache";

const listeners = new Set<() => void>();

function tell(): void {
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

onEnd(() => {
  cache.clear();
  tell();
});
// Whoever signs in elsewhere in this browser is who requests of this tab come from, too.
onOtherTab(() => location.reload());

/** Who is signed in here, as far as this browser knows. */
export function useUserId(): string | null {
  return useSyncExternalStore(subscribe, () => kept()?.userId ?? null);
}

export async function signIn(email: string, password: string): Promise<void> {
  enter(await answer(api.POST("/api/v1/auth/login", { body: { email, password } })));
}

export async function signUp(form: { email: string; password: string; firstName: string; lastName: string }) {
  enter(await answer(api.POST("/api/v1/auth/register", { body: form })));
}

export async function signOut(everywhere = false): Promise<void> {
  try {
    await answer(api.POST("/api/v1/auth/logout", { body: { all: everywhere } }));
  } catch (error) {
    // A session that has ended needs no end.
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
  }
  end();
  // Not to where the page was, as when a session ends by itself.
  location.assign("/sign-in");
}

function enter(entered: Schemas["Entered"]): void {
  cache.clear();
  cache.setQueryData(me.queryKey, entered.user);
  keep(entered.user.id, entered);
  tell();
}

export const me = queryOptions({
  queryKey: ["me"],
  queryFn: async () => (await answer(api.GET("/api/v1/auth/check"))).user,
  staleTime: 60_000,
});

/** The signed-in user; to be used beneath the gate, which has loaded it. */
export function useMe(): Schemas["User"] {
  const { data } = useQuery(me);
  if (!data) throw new Error("nobody is signed in");
  return data;
}

/** Tells whether the user has one of these roles; admins have all. */
export function useRole(...anyOf: string[]): boolean {
  const { roles } = useMe();
  return roles.some((role) => role === "admin" || anyOf.includes(role));
}
