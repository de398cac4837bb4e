import { createHash } from "node:crypto";
import { limits } from "@trato/base";
import { usageFailure } from "../failure.ts";
import type { Mapping } from "./mapping.ts";
import type { OutEvent } from "./to-events.ts";

/** Remembers who is in the file; everybody must be, to be asked for. */
export function seeCustomer(customers: Set<string>, customer: string): void {
  if (customer === "") return;
  customers.add(customer);
  if (customers.size > limits.importRememberedMax) {
    throw usageFailure(`The file has more than ${limits.importRememberedMax} customers; split it.`);
  }
}

export type Said = {
  readonly purpose: string;
  /** The name of the file, without its folder. */
  readonly file: string;
  readonly rows: number;
  readonly user: string;
  readonly time: string;
};

/**
 * One `consent.given` for each customer: whoever runs the import says that they agreed, and the evidence says so.
 * The same evidence again is a repeat; another person's word is another event.
 */
export function* consentsOf(customers: Iterable<string>, said: Said, mapping: Mapping): Generator<OutEvent> {
  const { purpose, file, rows, user, time } = said;
  const evidence = `${file}, ${rows} rows: imported by ${user}, who says that its customers agreed to "${purpose}".`;
  const mark = createHash("sha256").update(evidence).digest("hex").slice(0, 12);
  const language = mapping.language ?? "es";
  for (const customer of customers) {
    yield {
      id: `${mapping.name}/consent/${purpose}/${mark}/${customer}`,
      type: "consent.given",
      time,
      identities: { [mapping.identity ?? "loyalty"]: customer },
      data: { purpose, channel: "any", textVersion: `import/${mapping.name}`, language, evidence },
    };
  }
}
