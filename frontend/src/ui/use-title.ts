import { useEffect } from "react";

/** Names the page, in the browser's tabs and for those who hear it. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Wallet` : "Wallet";
  }, [title]);
}
