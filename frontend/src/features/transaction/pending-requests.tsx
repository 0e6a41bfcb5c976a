import { useInfiniteQuery } from "@tanstack/react-query";
import { HandCoins } from "lucide-react";
import { Link } from "react-router";
import { requests } from "./requests-queries";

/** Says that somebody asks for money, where somebody does. */
export function PendingRequests() {
  const { data } = useInfiniteQuery(requests("payer"));
  const count = data?.pages[0]?.requests.filter((request) => request.status === "pending").length ?? 0;
  if (count === 0) return null;
  return (
    <Link
      to="/requests"
      className="flex items-center gap-3 rounded-2xl border border-line bg-tint p-4 font-medium hover:border-accent"
    >
      <HandCoins aria-hidden className="size-5 text-accent" />
      {count === 1 ? "Somebody asks you for money" : `${count} requests for money wait for your answer`}
    </Link>
  );
}
