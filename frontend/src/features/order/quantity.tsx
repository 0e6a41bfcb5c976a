import { Minus, Plus } from "lucide-react";
import { IconButton } from "../../ui/button";

interface Props {
  name: string;
  value: number;
  least?: number;
  most: number;
  onChange: (value: number) => void;
}

/** How many pieces of something. */
export function Quantity({ name, value, least = 1, most, onChange }: Props) {
  return (
    <div
      role="group"
      aria-label={`Pieces of ${name}`}
      className="flex w-fit items-center rounded-xl border border-edge"
    >
      <IconButton label="One less" disabled={value <= least} onClick={() => onChange(value - 1)}>
        <Minus aria-hidden className="size-4" />
      </IconButton>
      <output aria-live="polite" className="min-w-8 text-center font-semibold tabular-nums">
        {value}
      </output>
      <IconButton label="One more" disabled={value >= most} onClick={() => onChange(value + 1)}>
        <Plus aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
