import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { format, formatShort, type Paise } from "../money/money";
import { dayName } from "./time";

export interface Turnover {
  /** YYYY-MM-DD. */
  date: string;
  in: Paise;
  out: Paise;
}

/** Money that came in and went out, in time; who does not see it finds the same in words beside it. */
export default function InOutChart({ spans }: { spans: Turnover[] }) {
  return (
    <div className="h-56" aria-hidden>
      <ResponsiveContainer>
        <BarChart data={spans} margin={{ top: 4, right: 4, bottom: 0, left: 4 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--color-line)" vertical={false} />
          <XAxis dataKey="date" tickFormatter={named} tick={TICK} tickLine={false} stroke="var(--color-line)" />
          <YAxis tickFormatter={formatShort} tick={TICK} width={52} tickLine={false} axisLine={false} />
          <Tooltip
            cursor={{ fill: "var(--color-raised)" }}
            formatter={(value) => format(Number(value))}
            labelFormatter={(date) => named(String(date))}
            contentStyle={BOX}
          />
          <Legend />
          <Bar dataKey="in" name="In" fill="var(--color-good)" {...BAR} />
          <Bar dataKey="out" name="Out" fill="var(--color-accent)" {...BAR} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

const TICK = { fill: "var(--color-muted)", fontSize: 12 };
const BOX = { background: "var(--color-surface)", border: "1px solid var(--color-line)", borderRadius: 12 };
const BAR = { radius: [4, 4, 0, 0] as [number, number, number, number], maxBarSize: 36, isAnimationActive: false };

function named(date: string): string {
  return dayName(`${date}T12:00:00+05:30`);
}
