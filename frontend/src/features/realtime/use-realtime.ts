import { useEffect } from "react";
import { useUserId } from "../identity/session";
import { connect } from "./socket";

/** Keeps a socket open while somebody is signed in. */
export function useRealtime(): void {
  const userId = useUserId();
  useEffect(() => (userId ? connect() : undefined), [userId]);
}
