import { useMutation } from "@tanstack/react-query";
import { Camera, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { ApiError } from "../../api/errors";
import { cache } from "../../app/cache";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Field } from "../../ui/field";
import { read } from "../../ui/form";
import { Notice } from "../../ui/notice";
import { PageHead, Panel } from "../../ui/panel";
import { pictureData } from "../../ui/picture-data";
import { toast } from "../../ui/toast";
import { Preferences } from "../notify/preferences";
import { me, signOut, useMe } from "./session";
import { Sessions } from "./sessions";

type Changes = Schemas["UpdateProfile"];

async function update(changes: Changes): Promise<void> {
  const { user } = await answer(api.PUT("/api/v1/auth/update-profile", { body: changes }));
  cache.setQueryData(me.queryKey, user);
}

/** Oneself: name, picture, password, what one is told of, and where one is signed in. */
export function ProfilePage() {
  const leaving = useMutation({ mutationFn: signOut });
  return (
    <>
      <PageHead title="Profile">
        <Button look="secondary" busy={leaving.isPending} onClick={() => leaving.mutate(false)}>
          Sign out
        </Button>
      </PageHead>
      <Failure error={leaving.error} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="grid grid-cols-1 gap-4">
          <Yourself />
          <Password />
        </div>
        <div className="grid grid-cols-1 gap-4">
          <Preferences />
          <Sessions onEndAll={() => leaving.mutate(true)} />
        </div>
      </div>
    </>
  );
}

function Yourself() {
  const user = useMe();
  const saving = useMutation({ mutationFn: update, onSuccess: () => toast("Saved") });
  return (
    <Panel title="You">
      <Picture />
      <form
        className="mt-5 grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          const field = read(event);
          saving.mutate({ firstName: field("firstName"), lastName: field("lastName") });
        }}
      >
        <Field label="First name" name="firstName" defaultValue={user.firstName} required maxLength={50} />
        <Field label="Last name" name="lastName" defaultValue={user.lastName} maxLength={50} />
        <Field
          label="E-mail"
          className="sm:col-span-2"
          value={user.email}
          readOnly
          disabled
          hint="You sign in with it; others never see it."
        />
        <div className="sm:col-span-2">
          <Failure error={saving.error} />
        </div>
        <Button type="submit" className="sm:col-span-2" busy={saving.isPending}>
          Save
        </Button>
      </form>
    </Panel>
  );
}

function Picture() {
  const user = useMe();
  const id = useId();
  const changing = useMutation({
    mutationFn: async (file: File | null) => {
      if (file) await update({ profilePic: await pictureData(file) });
      else await answer(api.DELETE("/api/v1/user/picture"));
      await cache.invalidateQueries({ queryKey: me.queryKey });
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-4">
      <Avatar name={user.name} picture={user.picture} className="size-20" />
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          type="file"
          accept="image/jpeg,image/png,image/webp,image/gif"
          className="peer sr-only"
          onChange={(event) => event.target.files?.[0] && changing.mutate(event.target.files[0])}
        />
        <label
          htmlFor={id}
          className="inline-flex min-h-11 cursor-pointer items-center gap-2 rounded-xl border border-edge px-4 font-semibold peer-focus-visible:outline-2 peer-focus-visible:outline-accent hover:bg-raised"
        >
          <Camera aria-hidden className="size-5" />
          {changing.isPending ? "Saving …" : "Choose a picture"}
        </label>
        {user.picture && (
          <Button look="quiet" onClick={() => changing.mutate(null)}>
            <Trash2 aria-hidden className="size-5" /> Remove
          </Button>
        )}
      </div>
      {changing.error instanceof ApiError || !changing.error ? (
        <Failure error={changing.error} />
      ) : (
        <Notice kind="bad">{changing.error.message}</Notice>
      )}
    </div>
  );
}

function Password() {
  const [count, setCount] = useState(0);
  const saving = useMutation({
    mutationFn: update,
    onSuccess: () => {
      // An empty form again.
      setCount(count + 1);
      toast("Password changed; other devices are signed out");
      void cache.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const about = (field: string) => (saving.error instanceof ApiError ? saving.error.about(field) : undefined);
  const isKnown = about("currentPassword") ?? about("password");
  return (
    <Panel title="Password">
      <form
        key={count}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          saving.mutate({ currentPassword: String(form.get("current")), password: String(form.get("new")) });
        }}
      >
        <Field
          label="Current password"
          name="current"
          type="password"
          autoComplete="current-password"
          required
          error={about("currentPassword")}
        />
        <Field
          label="New password"
          name="new"
          type="password"
          autoComplete="new-password"
          required
          minLength={6}
          maxLength={256}
          error={about("password")}
        />
        {!isKnown && <Failure error={saving.error} />}
        <Button type="submit" look="secondary" busy={saving.isPending}>
          Change the password
        </Button>
      </form>
    </Panel>
  );
}
