import { useEffect, useRef } from "react";
import { Progress } from "../../intent/progress";
import type { useIntent } from "../../intent/use-intent";
import { isOpen } from "../../intent/store";
import { Button } from "../../ui/button";
import { Details } from "../../ui/details";

interface Props {
  rows: (readonly [string, string])[];
  /** What the button says that makes it happen. */
  action: string;
  intent: ReturnType<typeof useIntent>;
  onBack: () => void;
  onConfirm: () => void;
}

/** What is about to be paid, to be looked at once more. */
export function Confirmation({ rows, action, intent, onBack, onConfirm }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const busy = intent.state !== undefined && isOpen(intent.state);
  return (
    <div className="grid gap-4">
      <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
        Is this right?
      </h2>
      <Details rows={rows} />
      <Progress state={intent.state} />
      <div className="flex flex-col-reverse gap-2 sm:grid sm:grid-cols-2">
        <Button look="secondary" onClick={onBack} disabled={busy}>
          Back
        </Button>
        <Button onClick={onConfirm} busy={busy}>
          {action}
        </Button>
      </div>
    </div>
  );
}
