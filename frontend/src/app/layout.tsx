import { useInfiniteQuery } from "@tanstack/react-query";
import { Menu } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from "react-router";
import { conversations } from "../features/chat/queries";
import { useMe } from "../features/identity/session";
import { useRealtime } from "../features/realtime/use-realtime";
import { isOpen } from "../intent/store";
import { useIntents } from "../intent/use-intent";
import { Unsure } from "../intent/progress";
import { Avatar } from "../ui/avatar";
import { classes } from "../ui/classes";
import { Notice } from "../ui/notice";
import { Mark } from "./mark";
import { type Place, PLACES } from "./navigation";
import { isAway, subscribe } from "./outage";
import { ThemeSwitch } from "./theme";

/** What stands around each page: where one can go, and what is the matter. */
export function Layout() {
  useRealtime();
  const me = useMe();
  const places = usePlaces();
  const main = useFocus();
  return (
    <div className="mx-auto min-h-dvh max-w-7xl lg:grid lg:grid-cols-[15rem_1fr]">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-xl bg-accent px-4 py-2 font-semibold text-on-accent focus:translate-y-0"
      >
        Skip to the content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line p-4 lg:flex">
        <Link to="/" className="px-2 py-1">
          <Mark />
        </Link>
        <nav aria-label="Pages" className="mt-6 flex-1 overflow-y-auto">
          <ul className="grid gap-1">
            {places.map((place) => (
              <li key={place.to}>
                <PlaceLink place={place} look={IN_SIDEBAR} />
              </li>
            ))}
          </ul>
        </nav>
        <div className="mt-3 flex items-center gap-2 border-t border-line pt-3">
          <Link to="/profile" className="flex min-w-0 flex-1 items-center gap-2 rounded-xl p-1 hover:bg-raised">
            <Avatar name={me.name} picture={me.picture} className="size-9" />
            <span className="truncate text-sm font-medium">{me.name}</span>
          </Link>
          <ThemeSwitch />
        </div>
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="flex items-center justify-between px-4 pt-3 lg:hidden">
          <Link to="/">
            <Mark />
          </Link>
          <div className="flex items-center">
            <ThemeSwitch />
            <Link to="/profile" aria-label="Profile" className="rounded-full p-1">
              <Avatar name={me.name} picture={me.picture} className="size-9" />
            </Link>
          </div>
        </header>
        <Matters />
        <main
          ref={main}
          id="main"
          tabIndex={-1}
          className="flex-1 px-4 pt-4 pb-28 outline-none lg:px-8 lg:pt-8 lg:pb-10"
        >
          <Outlet />
        </main>
      </div>
      <nav
        aria-label="Main pages"
        className="fixed inset-x-0 bottom-0 z-40 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
      >
        <ul className="flex">
          {[...places.filter((place) => place.first), { to: "/more", name: "More", Icon: Menu }].map((place) => (
            <li key={place.to} className="flex-1">
              <PlaceLink place={place} look={IN_TABS} />
            </li>
          ))}
        </ul>
      </nav>
      <ScrollRestoration />
    </div>
  );
}

/** What keyboards and screen readers go on from when another page is shown. */
function useFocus() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current !== pathname) main.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname]);
  return main;
}

export function usePlaces(): Place[] {
  const { roles } = useMe();
  return PLACES.filter(
    (place) => !place.roles || roles.some((role) => role === "admin" || place.roles?.includes(role)),
  );
}

const IN_SIDEBAR = {
  link: "flex min-h-11 items-center gap-3 rounded-xl px-3 font-medium",
  here: "bg-tint text-accent",
  elsewhere: "text-muted hover:bg-raised hover:text-ink",
  icon: "size-5",
  unread: "ml-auto",
};
const IN_TABS = {
  link: "relative grid min-h-14 place-items-center content-center gap-0.5 text-xs font-medium",
  here: "text-accent",
  elsewhere: "text-muted",
  icon: "size-6",
  unread: "absolute top-1 left-1/2 ml-1",
};

function PlaceLink({ place: { to, name, Icon }, look }: { place: Place; look: typeof IN_SIDEBAR }) {
  return (
    <NavLink
      to={to}
      end={to === "/"}
      className={({ isActive }) => classes(look.link, isActive ? look.here : look.elsewhere)}
    >
      <Icon aria-hidden className={look.icon} />
      {name}
      {to === "/chat" && <Unread className={look.unread} />}
    </NavLink>
  );
}

function Unread({ className }: { className: string }) {
  const { data } = useInfiniteQuery(conversations);
  const count = data?.pages.flatMap((page) => page.users).reduce((sum, one) => sum + one.unread, 0);
  if (!count) return null;
  return (
    <span
      className={classes(
        "min-w-5 rounded-full bg-accent px-1.5 text-center text-xs leading-5 font-bold text-on-accent",
        className,
      )}
    >
      {count}
      <span className="sr-only"> unread</span>
    </span>
  );
}

/** What everybody should know, whatever page is shown: that the API is away, and payments without an answer. */
function Matters() {
  const away = useSyncExternalStore(subscribe, isAway);
  const { pathname } = useLocation();
  const unsure = useIntents().filter((state) => isOpen(state) && state.status === "unsure");
  const elsewhere = unsure.filter((state) => !pathname.startsWith(`/${state.intent.kind.split(":")[0]}`));
  if (!away && elsewhere.length === 0) return null;
  return (
    <div className="grid gap-2 px-4 pt-4 lg:px-8">
      {away && (
        <Notice kind="warn" title="The wallet cannot be reached">
          What you see may be old. We are trying again, and go on as soon as it answers.
        </Notice>
      )}
      {elsewhere.map((state) => (
        <Unsure key={state.intent.key} title={state.intent.title} />
      ))}
    </div>
  );
}
