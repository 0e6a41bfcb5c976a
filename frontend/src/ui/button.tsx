import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { Link, type LinkProps } from "react-router";
import { classes } from "./classes";

type Look = "primary" | "secondary" | "quiet" | "danger";

const SHAPE =
  "inline-flex min-h-11 items-center justify-center gap-2 rounded-xl px-4 py-2 text-center font-semibold transition-colors disabled:cursor-not-allowed disabled:opacity-60";
const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent enabled:hover:bg-accent-strong [a&]:hover:bg-accent-strong",
  secondary: "border border-edge bg-surface text-ink enabled:hover:bg-raised [a&]:hover:bg-raised",
  quiet: "text-accent enabled:hover:bg-tint [a&]:hover:bg-tint",
  danger: "border border-bad bg-surface text-bad enabled:hover:bg-bad-tint",
};

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  /** Whether what it began is under way; it then does nothing more. */
  busy?: boolean;
}

export function Button({ look = "primary", busy = false, className, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={classes(SHAPE, LOOKS[look], className)}
    >
      {busy && <LoaderCircle aria-hidden className="size-5 animate-spin" />}
      {children}
    </button>
  );
}

export function ButtonLink({ look = "primary", className, ...rest }: LinkProps & { look?: Look }) {
  return <Link {...rest} className={classes(SHAPE, LOOKS[look], className)} />;
}

/** A button that shows a picture alone, and says in words what it does. */
export function IconButton({
  label,
  className,
  type = "button",
  ...rest
}: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={classes(
        "grid size-11 shrink-0 place-items-center rounded-xl text-muted hover:bg-raised hover:text-ink disabled:opacity-50",
        className,
      )}
    />
  );
}
