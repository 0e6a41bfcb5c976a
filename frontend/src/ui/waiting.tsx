import { classes } from "./classes";

/** Stands where something will be in a moment, in about its shape. */
export function Waiting({ rows = 3, className }: { rows?: number; className?: string }) {
  return (
    <div role="status" className={classes("grid gap-3 py-1", className)}>
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} aria-hidden className="h-11 animate-pulse rounded-xl bg-raised" />
      ))}
    </div>
  );
}
