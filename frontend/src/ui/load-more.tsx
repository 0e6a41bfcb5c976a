import { Button } from "./button";

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Brings the next page of a list, where there is one. */
export function LoadMore({ pages, children = "Show more" }: { pages: Pages; children?: string }) {
  if (!pages.hasNextPage) return null;
  return (
    <Button
      look="secondary"
      className="mt-3 w-full"
      busy={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
    >
      {children}
    </Button>
  );
}
