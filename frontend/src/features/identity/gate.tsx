import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { SessionEnded } from "../../api/errors";
import { resume } from "../../intent/store";
import { Failure } from "../../ui/failure";
import { Waiting } from "../../ui/waiting";
import { me, useUserId } from "./session";

/** Lets people in who are signed in; everybody else signs in first, and then comes back to where they wanted to be. */
export function Gate() {
  const userId = useUserId();
  const { pathname, search } = useLocation();
  const { data, error, refetch } = useQuery({ ...me, enabled: userId !== null });
  useEffect(() => {
    if (userId) resume();
  }, [userId]);
  if (userId === null || error instanceof SessionEnded) {
    const next = pathname + search;
    return <Navigate to={next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`} replace />;
  }
  if (data) return <Outlet />;
  return (
    <main className="mx-auto grid max-w-md gap-4 p-6 pt-24">
      {error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting />}
    </main>
  );
}
