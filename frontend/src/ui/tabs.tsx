import { NavLink } from "react-router";
import { classes } from "./classes";

/** Pages that belong together, one beside the other. */
export function Tabs({ label, places }: { label: string; places: { to: string; name: string }[] }) {
  return (
    <nav aria-label={label} className="mb-4 overflow-x-auto">
      <ul className="flex w-max gap-1 rounded-xl bg-raised p-1">
        {places.map(({ to, name }) => (
          <li key={to}>
            <NavLink
              to={to}
              end
              className={({ isActive }) =>
                classes(
                  "block min-h-10 rounded-lg px-4 py-2 font-medium whitespace-nowrap",
                  isActive ? "bg-surface text-ink" : "text-muted hover:text-ink",
                )
              }
            >
              {name}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
