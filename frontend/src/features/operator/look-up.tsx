import { Search } from "lucide-react";
import type { FormEvent } from "react";
import { useNavigate } from "react-router";
import { Button } from "../../ui/button";
import { Field, Select } from "../../ui/field";
import { read } from "../../ui/form";
import { Panel } from "../../ui/panel";
import { OperatorFrame } from "./frame";

/** Looks at any order or transaction. */
export function LookUpPage() {
  const navigate = useNavigate();
  function submit(event: FormEvent<HTMLFormElement>) {
    const field = read(event);
    void navigate(`/${field("what")}/${field("id")}`);
  }
  return (
    <OperatorFrame>
      <Panel title="Look something up">
        <form className="grid gap-3 sm:grid-cols-[auto_1fr]" onSubmit={submit}>
          <Select label="What" name="what">
            <option value="orders">An order</option>
            <option value="history">A transaction</option>
          </Select>
          <Field
            label="Its number"
            name="id"
            required
            pattern="[0-9a-f]{24}"
            title="24 characters, 0 to 9 and a to f"
            autoComplete="off"
          />
          <Button type="submit" look="secondary" className="sm:col-span-2">
            <Search aria-hidden className="size-5" /> Show it
          </Button>
        </form>
      </Panel>
    </OperatorFrame>
  );
}
