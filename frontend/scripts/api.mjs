// Writes src/api/schema.d.ts from the API's own document, which comes on standard input.
//
// What an answer leaves out on occasion is named here, because the document does not tell: everything else is there.
// Its numbers are rupees, and become a type that nothing can be computed with; counts are integers. How many a page may have
// is any number.
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const LEFT_OUT = {
  Balance: ["available"],
  Delivery: ["reason", "sentAt"],
  Holder: ["lastSignInAt"],
  OutboxRow: "all but id event kind state createdAt",
  Record: ["settledBy", "unreadable"],
  Settlement: ["requestId", "transactionId"],
  Order: ["transaction", "expiresAt"],
  Placed: ["paymentUrl"],
  Product: ["account"],
  Remark: "all but _id id kind senderId receiverId createdAt",
  LastMessage: ["text", "image", "deleted"],
  Status: ["orderId", "paymentUrl", "refunded"],
  Transaction: "all but _id id kind status fromAccount amount createdAt",
  Request: ["transaction"],
  User: ["lastSignInAt"],
  Error: ["errors"],
};

const document = JSON.parse(await text(process.stdin));
const asked = named(Object.values(document.paths).flatMap(bodies));
for (const [name, schema] of Object.entries(document.components.schemas)) {
  if (schema.properties && !asked.has(name)) schema.required = required(name, Object.keys(schema.properties));
}
// Files are fetched by their path.
for (const response of Object.values(document.paths).flatMap(answers)) {
  const json = response.content?.["application/json"];
  if (json) response.content = { "application/json": json };
}
const rupees = ts.factory.createTypeReferenceNode("Rupees");
const nodes = await openapiTS(document, {
  transform: (schema, { path }) => (schema.type === "number" && !path.endsWith("/limit") ? rupees : undefined),
  inject: 'import type { Rupees } from "../money/money";',
});
await writeFile(new URL("../src/api/schema.d.ts", import.meta.url), astToString(nodes));

function required(name, properties) {
  const rule = LEFT_OUT[name] ?? [];
  if (typeof rule === "string") return rule.split(" ").slice(2);
  return properties.filter((property) => !rule.includes(property));
}

function bodies(path) {
  return Object.values(path).map((operation) => operation.requestBody ?? {});
}

function answers(path) {
  return Object.values(path).flatMap((operation) => Object.values(operation.responses ?? {}));
}

// The schemas that something refers to, directly or through others.
function named(something, found = new Set()) {
  for (const [, name] of JSON.stringify(something).matchAll(/#\/components\/schemas\/(\w+)/g)) {
    if (!found.has(name)) named(document.components.schemas[name], found.add(name));
  }
  return found;
}
