import { Type } from "typebox";
import { currency, id, minor, text } from "./event.ts";
import { family } from "./family.ts";
import { day } from "./fields.ts";

const amount = { currency, amountMinor: minor() };
const application = { applicationId: id };
const reasons = Type.Optional(Type.Array(text(500), { maxItems: 20 }));
const instalment = {
  creditId: id,
  number: Type.Integer({ minimum: 1, maximum: 600 }),
  ...amount,
};
const months = Type.Integer({ minimum: 1, maximum: 600 });

/** Money the shop lends. A refusal always says why. */
export const credit = family(
  { retention: "proof", purpose: "operate" },
  {
    "credit.applied": {
      says: "Somebody asked for credit.",
      data: Type.Object({
        ...application,
        currency,
        amountMinor: Type.Optional(minor()),
        months: Type.Optional(months),
      }),
      example: { applicationId: "a-1", currency: "USD", amountMinor: 60_000, months: 12 },
    },
    "credit.approved": {
      says: "Credit was granted up to a limit.",
      data: Type.Object({ ...application, creditId: id, currency, limitMinor: minor(), reasons }),
      example: { applicationId: "a-1", creditId: "k-1", currency: "USD", limitMinor: 80_000 },
    },
    "credit.refused": {
      says: "Credit was not granted.",
      data: Type.Object({ ...application, reasons }),
      example: { applicationId: "a-1", reasons: ["income not shown"] },
    },
    "credit.limit_changed": {
      says: "The limit is another one now.",
      data: Type.Object({ creditId: id, currency, limitMinor: minor(), reasons }),
      example: { creditId: "k-1", currency: "USD", limitMinor: 100_000 },
    },
    "credit.drawn": {
      says: "A purchase was put on credit.",
      data: Type.Object({
        creditId: id,
        drawId: id,
        ...amount,
        orderId: Type.Optional(id),
        months: Type.Optional(months),
      }),
      example: { creditId: "k-1", drawId: "d-1", currency: "USD", amountMinor: 52_900, months: 12 },
    },
    "credit.instalment_due": {
      says: "An instalment is coming up.",
      data: Type.Object({ ...instalment, dueOn: day }),
      example: { creditId: "k-1", number: 3, currency: "USD", amountMinor: 4_410, dueOn: "2026-12-05" },
    },
    "credit.instalment_paid": {
      says: "An instalment was paid.",
      data: Type.Object(instalment),
      example: { creditId: "k-1", number: 3, currency: "USD", amountMinor: 4_410 },
    },
    "credit.instalment_missed": {
      says: "An instalment was not paid in time.",
      data: Type.Object({ ...instalment, dueOn: day }),
      example: { creditId: "k-1", number: 3, currency: "USD", amountMinor: 4_410, dueOn: "2026-12-05" },
    },
    "credit.repaid": {
      says: "Money was paid back outside the plan.",
      data: Type.Object({ creditId: id, repaymentId: id, ...amount }),
      example: { creditId: "k-1", repaymentId: "rp-1", currency: "USD", amountMinor: 10_000 },
    },
    "credit.contested": {
      says: "Somebody asks for a person to look at a credit decision again.",
      data: Type.Object({ ...application, comment: Type.Optional(text(5_000)) }),
      personal: ["comment"],
      example: { applicationId: "a-1", comment: "Cambié de trabajo en marzo." },
    },
    "credit.closed": {
      says: "The credit is over.",
      data: Type.Object({ creditId: id, reason: Type.Optional(text(500)) }),
      example: { creditId: "k-1", reason: "repaid" },
    },
  },
);
