import { describe, expect, it } from "vitest";
import { format, paise, type Rupees, toRupees, typed } from "./money";

const answered = (json: string) => JSON.parse(json) as Rupees;

describe("an amount of the API's", () => {
  it.each([
    ["0", 0],
    ["33.33", 3333],
    ["0.1", 10],
    ["1.1", 110],
    ["0.07", 7],
    ["1000000000000.01", 100000000000001],
    ["-2.5", -250],
  ])("%s is %i paise", (json, expected) => {
    expect(paise(answered(json))).toBe(expected);
  });

  it("is refused with a fraction of a paisa", () => {
    expect(() => paise(answered("0.005"))).toThrow(RangeError);
  });
});

describe("what somebody typed", () => {
  it.each([
    ["20", 2000],
    ["20.5", 2050],
    [" ₹ 1,00,000.00 ", 10000000],
    ["0.01", 1],
  ])("%s is read", (text, expected) => {
    expect(typed(text)).toBe(expected);
  });

  it.each(["", "abc", "1.234", "-1", "1e3", ".5", "1.", "99999999999999999"])("%s is not", (text) => {
    expect(typed(text)).toBeNull();
  });
});

it("is written with lakhs and crores", () => {
  expect(format(1234567890)).toBe("₹1,23,45,678.90");
  expect(format(-5)).toBe("-₹0.05");
});

it("goes to the API and comes back the same", () => {
  for (const amount of [0, 1, 99, 100, 101, 123456789012345]) expect(typed(toRupees(amount))).toBe(amount);
});
