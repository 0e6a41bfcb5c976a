import {
  BookOpen,
  ChartColumn,
  CreditCard,
  HandCoins,
  History,
  House,
  MessageCircle,
  Package,
  Send,
  Settings,
  ShieldCheck,
  ShoppingBag,
  Store,
  Wallet,
} from "lucide-react";

export interface Place {
  to: string;
  name: string;
  Icon: typeof House;
  /** Which roles have it; all people where none is named. */
  roles?: string[];
  /** Whether it has a place at the bottom of a phone. */
  first?: boolean;
}

export const PLACES: Place[] = [
  { to: "/", name: "Home", Icon: House, first: true },
  { to: "/send", name: "Send", Icon: Send, first: true },
  { to: "/requests", name: "Requests", Icon: HandCoins },
  { to: "/history", name: "History", Icon: History },
  { to: "/insights", name: "Insights", Icon: ChartColumn },
  { to: "/chat", name: "Chat", Icon: MessageCircle, first: true },
  { to: "/shop", name: "Shop", Icon: ShoppingBag, first: true },
  { to: "/orders", name: "Orders", Icon: Package },
  { to: "/accounts", name: "Accounts", Icon: Wallet },
  { to: "/cash-book", name: "Cash book", Icon: BookOpen },
  { to: "/top-up", name: "Add money", Icon: CreditCard },
  { to: "/sales", name: "Sales", Icon: Store, roles: ["merchant"] },
  { to: "/operator", name: "Operation", Icon: ShieldCheck, roles: ["operator"] },
  { to: "/profile", name: "Profile", Icon: Settings },
];
