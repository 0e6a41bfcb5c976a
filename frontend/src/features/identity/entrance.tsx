import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { ApiError } from "../../api/errors";
import { wasOfSomebodyElse } from "../../api/tokens";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/failure";
import { Field } from "../../ui/field";
import { useTitle } from "../../ui/use-title";
import { ThemeSwitch } from "../../app/theme";
import { Mark } from "../../app/mark";
import { signIn, signUp, useUserId } from "./session";

/**
 * Where somebody goes on after signing in: within these pages, whatever an address says, and not to where somebody else
 * was.
 */
function useNext(): string {
  const next = useSearchParams()[0].get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) && !wasOfSomebodyElse() ? next : "/";
}

function Entrance({
  title,
  lead,
  children,
  foot,
}: {
  title: string;
  lead: string;
  children: ReactNode;
  foot: ReactNode;
}) {
  const next = useNext();
  useTitle(title);
  if (useUserId() !== null) return <Navigate to={next} replace />;
  return (
    <div className="grid min-h-dvh content-center justify-items-center px-4 py-10">
      <main className="w-full max-w-md">
        <div className="mb-6 flex items-center justify-between">
          <Mark />
          <ThemeSwitch />
        </div>
        <div className="rounded-2xl border border-line bg-surface p-6 sm:p-8">
          <h1 className="text-2xl font-bold tracking-tight">{title}</h1>
          <p className="mt-1 mb-6 text-muted">{lead}</p>
          {children}
        </div>
        <p className="mt-5 text-center text-muted">{foot}</p>
      </main>
    </div>
  );
}

function text(form: FormEvent<HTMLFormElement>) {
  form.preventDefault();
  const data = new FormData(form.currentTarget);
  return (name: string) => String(data.get(name) ?? "");
}

export function SignIn() {
  const search = useSearchParams()[0].toString();
  const entering = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) => signIn(email, password),
  });
  return (
    <Entrance
      title="Sign in"
      lead="Good to see you again."
      foot={
        <>
          New here?{" "}
          <Link className="font-semibold text-accent underline" to={`/sign-up?${search}`}>
            Open a wallet
          </Link>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          const field = text(event);
          entering.mutate({ email: field("email"), password: field("password") });
        }}
      >
        <Failure error={entering.error} />
        <Field label="E-mail" name="email" type="email" autoComplete="username" required maxLength={254} />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Button type="submit" busy={entering.isPending}>
          Sign in
        </Button>
      </form>
    </Entrance>
  );
}

export function SignUp() {
  const search = useSearchParams()[0].toString();
  const entering = useMutation({ mutationFn: signUp });
  const about = (field: string) => (entering.error instanceof ApiError ? entering.error.about(field) : undefined);
  return (
    <Entrance
      title="Open a wallet"
      lead="It takes a minute, and starts with a small balance."
      foot={
        <>
          You have one?{" "}
          <Link className="font-semibold text-accent underline" to={`/sign-in?${search}`}>
            Sign in
          </Link>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          const field = text(event);
          entering.mutate({
            email: field("email"),
            password: field("password"),
            firstName: field("firstName"),
            lastName: field("lastName"),
          });
        }}
      >
        <Failure error={entering.error} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="First name"
            name="firstName"
            autoComplete="given-name"
            required
            maxLength={50}
            error={about("firstName")}
          />
          <Field
            label="Last name"
            name="lastName"
            autoComplete="family-name"
            maxLength={50}
            error={about("lastName")}
          />
        </div>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          error={about("email")}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={6}
          maxLength={256}
          hint="At least 6 characters; longer is better."
          error={about("password")}
        />
        <Button type="submit" busy={entering.isPending}>
          Open the wallet
        </Button>
      </form>
    </Entrance>
  );
}
