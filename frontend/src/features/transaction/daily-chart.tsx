import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { format, formatShort } from "../../money/money";
import { day, dayName } from "../../ui/time";
import type { View } from "./view";

/** Money that came in and went out on each day; what is shown stands in the list below, too. */
export default function DailyChart({ views }: { views: View[] }) {
  const days = new Map<string, { day: string; in: number; out: number }>();
  for (const { transaction, direction, amount } of views) {
    if (direction === "within" || transaction.status !== "completed") continue;
    const key = day(transaction.createdAt);
    const sums = days.get(key) ?? { day: key, in: 0, out: 0 };
    days.set(key, { ...sums, [direction]: sums[direction] + amount });
  }
  const data = [...days.values()].sort((one, other) => one.day.localeCompare(other.day));
  return (
    <div className="h-52" aria-hidden>
      <ResponsiveContainer>
        <BarChart data={data} margin={{ top: 4, right: 4, bottom: 0, left: 4 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--color-line)" vertical={false} />
          <XAxis
            dataKey="day"
            tickFormatter={(key: string) => dayName(`${key}T12:00:00+05:30`)}
            tick={TICK}
            tickLine={false}
            stroke="var(--color-line)"
          />
          <YAxis tickFormatter={formatShort} tick={TICK} width={52} tickLine={false} axisLine={false} />
          <Tooltip
            cursor={{ fill: "var(--color-raised)" }}
            formatter={(value) => format(Number(value))}
            labelFormatter={(key) => dayName(`${String(key)}T12:00:00+05:30`)}
            contentStyle={{
              background: "var(--color-surface)",
              border: "1px solid var(--color-line)",
              borderRadius: 12,
            }}
          />
          <Legend />
          <Bar
            dataKey="in"
            name="In"
            fill="var(--color-good)"
            radius={[4, 4, 0, 0]}
            maxBarSize={36}
            isAnimationActive={false}
          />
          <Bar
            dataKey="out"
            name="Out"
            fill="var(--color-accent)"
            radius={[4, 4, 0, 0]}
            maxBarSize={36}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

const TICK = { fill: "var(--color-muted)", fontSize: 12 };
