import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "./classes";

const KINDS = {
  info: { look: "bg-tint text-ink", Icon: Info, color: "text-accent" },
  good: { look: "bg-good-tint text-ink", Icon: CircleCheck, color: "text-good" },
  warn: { look: "bg-warn-tint text-ink", Icon: TriangleAlert, color: "text-warn" },
  bad: { look: "bg-bad-tint text-ink", Icon: CircleAlert, color: "text-bad" },
};

/** Something that people should know; what is wrong is read out at once. */
export function Notice({
  kind = "info",
  title,
  children,
}: {
  kind?: keyof typeof KINDS;
  title?: string;
  children?: ReactNode;
}) {
  const { look, Icon, color } = KINDS[kind];
  return (
    <div role={kind === "bad" ? "alert" : "status"} className={classes("flex gap-3 rounded-xl p-3", look)}>
      <Icon aria-hidden className={classes("mt-0.5 size-5 shrink-0", color)} />
      <div className="min-w-0">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className="text-sm">{children}</div>}
      </div>
    </div>
  );
}
