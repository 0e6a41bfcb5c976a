import { describe, expect, it } from "vitest";
import { readLines } from "./payout-lines";

const [ASHA, RAVI] = ["a".repeat(24), "b".repeat(24)];

describe("readLines", () => {
  it("reads accounts, amounts in paise, and notes", () => {
    expect(readLines(`${ASHA},10.50,chai\n${RAVI}, 20`)).toEqual({
      lines: [
        { account: ASHA, amount: 1050, note: "chai" },
        { account: RAVI, amount: 2000, note: "" },
      ],
      errors: [],
    });
  });

  it.each([
    ["a heading", `Account,Amount,Note\n${ASHA},10,chai\n`],
    ["quotes", `"${ASHA}","10","chai"`],
    ["tabs", `${ASHA}\t10\tchai`],
    ["semicolons, and lines of Windows", `\uFEFFaccount;amount\r\n${ASHA};10;chai\r\n\r\n`],
  ])("understands %s", (_, text) => {
    expect(readLines(text)).toEqual({ lines: [{ account: ASHA, amount: 1000, note: "chai" }], errors: [] });
  });

  it("reads commas within quotes", () => {
    expect(readLines(`${ASHA},"1,250.50","tea, and ""toast"""`).lines).toEqual([
      { account: ASHA, amount: 125050, note: 'tea, and "toast"' },
    ]);
  });

  it.each([
    ["Line 1: the first column", "asha,10"],
    ["Line 2: the second column", `${ASHA},10\n${RAVI},0`],
    ["Line 1: the second column", `${ASHA},10.505`],
    ["Line 1: the second column", `${ASHA},-5`],
    ["Line 1: there are more than three columns", `${ASHA},10,tea, and toast`],
    ["There are 501 lines", `${ASHA},1\n`.repeat(501)],
  ])("says %s", (objection, text) => {
    const { errors } = readLines(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(objection);
  });
});
