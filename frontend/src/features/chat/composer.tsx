import { ImagePlus, SendHorizontal, X } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { Button, IconButton } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { pictureData } from "../../ui/picture-data";
import { tellTyping } from "../realtime/socket";

interface Props {
  to: string;
  name: string;
  onSend: (text: string, image: string | null) => void;
}

/** Where a message is written; Enter sends it, and Shift with Enter begins a line. */
export function Composer({ to, name, onSend }: Props) {
  const [text, setText] = useState("");
  const [image, setImage] = useState<string | null>(null);
  const [error, setError] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!text.trim() && !image) return;
    onSend(text.trim(), image);
    setText("");
    setImage(null);
  }
  async function choose(file: File | undefined) {
    if (!file) return;
    setError("");
    await pictureData(file).then(setImage, (problem: Error) => setError(problem.message));
  }
  return (
    <form ref={form} onSubmit={submit} className="border-t border-line p-3">
      {error && <Notice kind="bad">{error}</Notice>}
      {image && (
        <div className="relative mb-2 w-fit">
          <img src={image} alt="To be sent" className="max-h-32 rounded-lg" />
          <IconButton
            label="Take the picture out"
            className="absolute top-0 right-0 bg-surface"
            onClick={() => setImage(null)}
          >
            <X aria-hidden className="size-5" />
          </IconButton>
        </div>
      )}
      <div className="flex items-end gap-1">
        <input
          id={id}
          type="file"
          accept="image/jpeg,image/png,image/webp,image/gif"
          className="peer sr-only"
          onChange={(event) => {
            void choose(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        <label
          htmlFor={id}
          title="Add a picture"
          className="grid size-11 shrink-0 cursor-pointer place-items-center rounded-xl text-muted peer-focus-visible:outline-2 peer-focus-visible:outline-accent hover:bg-raised"
        >
          <ImagePlus aria-hidden className="size-5" />
          <span className="sr-only">Add a picture</span>
        </label>
        <textarea
          aria-label={`Message to ${name}`}
          placeholder="Write a message"
          rows={1}
          maxLength={2000}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            tellTyping(to);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            form.current?.requestSubmit();
          }}
          className="field-sizing-content max-h-40 min-h-11 flex-1 resize-none rounded-xl border border-edge bg-surface px-3 py-2"
        />
        <Button type="submit" aria-label="Send the message" className="px-3" disabled={!text.trim() && !image}>
          <SendHorizontal aria-hidden className="size-5" />
        </Button>
      </div>
    </form>
  );
}
