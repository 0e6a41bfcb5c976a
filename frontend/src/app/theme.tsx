import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../ui/button";

const THEMES = ["system", "light", "dark"] as const;
const ICONS = { system: Monitor, light: Sun, dark: Moon };
const NAMES = { system: "as the device", light: "light", dark: "dark" };

/** Goes from the device's own colors to light ones, to dark ones, and back; public/theme.js knows it the next time. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(
    () => THEMES.find((one) => one === document.documentElement.dataset.theme) ?? "system",
  );
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const Icon = ICONS[theme];
  return (
    <IconButton
      label={`Colors: ${NAMES[theme]}. Change to ${NAMES[next]}`}
      onClick={() => {
        document.documentElement.dataset.theme = next;
        localStorage.setItem("wallet.theme", next);
        setTheme(next);
      }}
    >
      <Icon aria-hidden className="size-5" />
    </IconButton>
  );
}
