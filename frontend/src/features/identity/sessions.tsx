import { useMutation, useQuery } from "@tanstack/react-query";
import { MonitorSmartphone } from "lucide-react";
import { answer, api } from "../../api/client";
import { cache } from "../../app/cache";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Panel } from "../../ui/panel";
import { Time } from "../../ui/time";
import { Waiting } from "../../ui/waiting";

/** Where one is signed in, and ending that. */
export function Sessions({ onEndAll }: { onEndAll: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["sessions"],
    queryFn: async () => (await answer(api.GET("/api/v1/auth/sessions"))).sessions,
  });
  const ending = useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path: { session_id: id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <Panel title="Where you are signed in">
      <Failure error={error ?? ending.error} retry={() => void refetch()} />
      {!data && !error && <Waiting />}
      <ul className="divide-y divide-line">
        {data?.map((session) => (
          <li key={session.id} className="flex items-center gap-3 py-3">
            <MonitorSmartphone aria-hidden className="size-6 shrink-0 text-muted" />
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{device(session.device)}</p>
              <p className="truncate text-sm text-muted">
                {session.address} · <Time at={session.lastSeenAt} />
              </p>
            </div>
            {session.current ? (
              <Badge tone="good">This one</Badge>
            ) : (
              <Button
                look="quiet"
                busy={ending.isPending && ending.variables === session.id}
                onClick={() => ending.mutate(session.id)}
              >
                Sign out<span className="sr-only"> {device(session.device)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {data && data.length > 1 && (
        <Button look="danger" className="mt-3 w-full" onClick={onEndAll}>
          Sign out everywhere, here too
        </Button>
      )}
    </Panel>
  );
}

/** What a browser calls itself, as people call it. */
function device(text: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(text)?.[1];
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(text)?.[1];
  const name = { Edg: "Edge", OPR: "Opera" }[browser ?? ""] ?? browser;
  return name ? [name, system].filter(Boolean).join(" on ") : text || "Unknown device";
}
