import { useMutation } from "@tanstack/react-query";
import { Download, Upload } from "lucide-react";
import { type ReactNode, useState } from "react";
import { file } from "../../api/client";
import { Button } from "../../ui/button";
import { download } from "../../ui/download";
import { Failure } from "../../ui/failure";
import { PageHead } from "../../ui/panel";
import { Tabs } from "../../ui/tabs";
import { today } from "../../ui/time";
import { Import } from "./import";

/** What stands around both pages of the cash book. */
export function BookFrame({ children }: { children: ReactNode }) {
  const [isImporting, setImporting] = useState(false);
  const exporting = useMutation({
    mutationFn: async () => download(await file("/api/v1/cashbook/export"), `cash-book-${today()}.csv`),
  });
  return (
    <div className="mx-auto max-w-3xl">
      <PageHead title="Cash book" lead="What you are owed and owe outside the wallet. Nobody else sees it.">
        <Button look="secondary" onClick={() => setImporting(true)}>
          <Upload aria-hidden className="size-5" /> Import
        </Button>
        <Button look="secondary" busy={exporting.isPending} onClick={() => exporting.mutate()}>
          <Download aria-hidden className="size-5" /> Export
        </Button>
      </PageHead>
      <Failure error={exporting.error} />
      <Tabs
        label="Cash book"
        places={[
          { to: "/cash-book", name: "Records" },
          { to: "/cash-book/people", name: "People" },
        ]}
      />
      {children}
      {isImporting && <Import onClose={() => setImporting(false)} />}
    </div>
  );
}
