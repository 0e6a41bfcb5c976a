import { useState } from "react";
import { answer, api } from "../../api/client";
import { isUnknown } from "../../api/errors";
import { kept } from "../../api/tokens";
import { cache } from "../../app/cache";
import { Button } from "../../ui/button";
import { words } from "../../ui/failure";

/** A message that is on its way. Its clientId lets it arrive once, however often it is sent. */
export interface Waiting {
  clientId: string;
  text: string;
  image: string | null;
  error?: unknown;
}

const LONGEST_PAUSE = 20;

/** Messages to somebody that have no answer yet. */
export function useOutbox(userId: string) {
  const [waiting, setWaiting] = useState<Waiting[]>([]);
  const drop = (clientId: string) => setWaiting((all) => all.filter((one) => one.clientId !== clientId));
  async function deliver({ clientId, text, image }: Waiting) {
    const sender = kept()?.userId;
    // Whoever signs in meanwhile has not written it.
    for (let pause = 1; kept()?.userId === sender; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const body = { text, clientId, image };
        await answer(api.POST("/api/v1/message/send/{user_id}", { params: { path: { user_id: userId } }, body }));
        await Promise.all(["thread", "conversations"].map((name) => cache.invalidateQueries({ queryKey: [name] })));
        return drop(clientId);
      } catch (error) {
        if (!isUnknown(error))
          return setWaiting((all) => all.map((one) => (one.clientId === clientId ? { ...one, error } : one)));
        await new Promise((resolve) => setTimeout(resolve, pause * 1000));
      }
    }
  }
  return {
    waiting,
    drop,
    send(text: string, image: string | null) {
      const message = { clientId: `${Date.now()}-${Math.random().toString(36).slice(2)}`, text, image };
      setWaiting((all) => [...all, message]);
      void deliver(message);
    },
    retry(message: Waiting) {
      setWaiting((all) => all.map((one) => (one.clientId === message.clientId ? { ...one, error: undefined } : one)));
      void deliver(message);
    },
  };
}

interface OutgoingProps {
  message: Waiting;
  onRetry: (message: Waiting) => void;
  onDrop: (clientId: string) => void;
}

export function Outgoing({ message, onRetry, onDrop }: OutgoingProps) {
  return (
    <li className="grid justify-items-end gap-1">
      <div className="max-w-[80%] rounded-2xl rounded-br-md bg-tint px-3.5 py-2 opacity-80">
        {message.image && <img src={message.image} alt="" className="mb-1 max-h-40 rounded-lg" />}
        <p className="break-words whitespace-pre-wrap">{message.text}</p>
      </div>
      {message.error ? (
        <div role="alert" className="text-right text-sm text-bad">
          Not sent. {words(message.error)}
          <div className="flex justify-end gap-2">
            <Button look="quiet" onClick={() => onRetry(message)}>
              Try again
            </Button>
            <Button look="quiet" onClick={() => onDrop(message.clientId)}>
              Forget it
            </Button>
          </div>
        </div>
      ) : (
        <p className="text-xs text-muted">Sending …</p>
      )}
    </li>
  );
}
