import type { ReactNode } from "react";
import { classes } from "./classes";
import { useTitle } from "./use-title";

/** The head of a page: what it is, and what can be done on it. */
export function PageHead({ title, children, lead }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  useTitle(title);
  return (
    <header className="mb-5 flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
      <div>
        <h1 className="text-2xl font-bold tracking-tight">{title}</h1>
        {lead && <p className="mt-1 text-muted">{lead}</p>}
      </div>
      {children && <div className="flex flex-wrap gap-2">{children}</div>}
    </header>
  );
}

/** A part of a page. */
export function Panel({
  title,
  aside,
  children,
  className,
}: {
  title?: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={classes("rounded-2xl border border-line bg-surface p-4 sm:p-5", className)}>
      {title && (
        <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
          <h2 className="text-lg font-semibold">{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** What stands where there is nothing yet. */
export function Empty({ icon, title, children }: { icon: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-1 px-4 py-8 text-center text-muted">
      <span aria-hidden className="mb-1 grid size-12 place-items-center rounded-full bg-raised">
        {icon}
      </span>
      <p className="font-semibold text-ink">{title}</p>
      {children && <div className="max-w-sm text-sm">{children}</div>}
    </div>
  );
}
