import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Ban, CircleCheckBig } from "lucide-react";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { cache } from "../../app/cache";
import { Button, IconButton } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { blocked } from "./queries";

export function useBlocked(userId: string): boolean {
  const { data } = useInfiniteQuery(blocked);
  return data?.pages.some((page) => page.users.some((user) => user.id === userId)) ?? false;
}

/** Blocks somebody, or takes that back. */
export function Blocking({ userId, name }: { userId: string; name: string }) {
  const isBlocked = useBlocked(userId);
  const [isAsking, setAsking] = useState(false);
  const changing = useMutation({
    mutationFn: async () => {
      const options = { params: { path: { user_id: userId } } };
      if (isBlocked) await answer(api.DELETE("/api/v1/message/block/{user_id}", options));
      else await answer(api.PUT("/api/v1/message/block/{user_id}", options));
      await cache.invalidateQueries({ queryKey: blocked.queryKey });
    },
    onSuccess: () => setAsking(false),
  });
  const Icon = isBlocked ? CircleCheckBig : Ban;
  return (
    <>
      <IconButton label={isBlocked ? `Unblock ${name}` : `Block ${name}`} onClick={() => setAsking(true)}>
        <Icon aria-hidden className="size-5" />
      </IconButton>
      {isAsking && (
        <Dialog title={isBlocked ? `Unblock ${name}?` : `Block ${name}?`} onClose={() => setAsking(false)}>
          <p className="mb-4">
            {isBlocked
              ? "Both of you can write to each other again."
              : "Neither of you can write to the other, or ask the other for money. Money still arrives."}
          </p>
          <Failure error={changing.error} />
          <Button
            look={isBlocked ? "primary" : "danger"}
            className="w-full"
            busy={changing.isPending}
            onClick={() => changing.mutate()}
          >
            {isBlocked ? "Unblock" : "Block"}
          </Button>
        </Dialog>
      )}
    </>
  );
}
