import type { ReactNode } from "react";

/** Facts, each with its name. */
export function Details({ rows }: { rows: (readonly [string, ReactNode])[] }) {
  return (
    <dl className="divide-y divide-line rounded-xl border border-line px-4">
      {rows.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-4 py-2.5">
          <dt className="shrink-0 text-muted">{name}</dt>
          <dd className="min-w-0 text-right font-medium break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
