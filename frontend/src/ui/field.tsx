import { type ComponentProps, type ReactNode, useId } from "react";
import { classes } from "./classes";

const INPUT =
  "block min-h-11 w-full rounded-xl border border-edge bg-surface px-3 py-2 text-ink aria-invalid:border-bad disabled:opacity-60";

interface Labelled {
  label: string;
  hint?: ReactNode;
  /** What is wrong with what stands in it. */
  error?: string;
}

/** A label, a control, a hint and what is wrong, bound together for those who hear and do not see. */
function Labelled({
  label,
  hint,
  error,
  className,
  children,
}: Labelled & {
  className?: string;
  children: (bound: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1 text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

export function Field({ label, hint, error, className, ...rest }: ComponentProps<"input"> & Labelled) {
  return (
    <Labelled {...{ label, hint, error, className }}>
      {(bound) => <input {...bound} {...rest} className={INPUT} />}
    </Labelled>
  );
}

export function Area({ label, hint, error, className, ...rest }: ComponentProps<"textarea"> & Labelled) {
  return (
    <Labelled {...{ label, hint, error, className }}>
      {(bound) => <textarea rows={3} {...bound} {...rest} className={INPUT} />}
    </Labelled>
  );
}

export function Select({ label, hint, error, className, ...rest }: ComponentProps<"select"> & Labelled) {
  return (
    <Labelled {...{ label, hint, error, className }}>
      {(bound) => <select {...bound} {...rest} className={INPUT} />}
    </Labelled>
  );
}

/** An amount in rupees, as people type it. */
export function AmountField({ label, error, hint, className, ...rest }: ComponentProps<"input"> & Labelled) {
  return (
    <Labelled {...{ label, hint, error, className }}>
      {(bound) => (
        <div className="relative">
          <span aria-hidden className="absolute inset-y-0 left-3 grid place-items-center text-muted">
            ₹
          </span>
          <input
            inputMode="decimal"
            autoComplete="off"
            placeholder="0.00"
            {...bound}
            {...rest}
            className={classes(INPUT, "pl-8 text-lg font-semibold tabular-nums placeholder:font-normal")}
          />
        </div>
      )}
    </Labelled>
  );
}

/** Something that is on or off. */
export function Switch({
  label,
  hint,
  className,
  ...rest
}: ComponentProps<"input"> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className={classes("flex items-center justify-between gap-4 py-2", className)}>
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </p>
        )}
      </div>
      <input
        {...rest}
        id={id}
        type="checkbox"
        role="switch"
        aria-describedby={hint && `${id}-hint`}
        className="relative h-7 w-12 shrink-0 cursor-pointer appearance-none rounded-full border border-edge bg-raised transition-colors before:absolute before:top-[3px] before:left-[3px] before:size-5 before:rounded-full before:bg-edge before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-5 checked:before:bg-on-accent disabled:cursor-not-allowed disabled:opacity-60"
      />
    </div>
  );
}
