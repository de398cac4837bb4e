import { cartStates, orderStates, paymentStates, type States, transferStates } from "@trato/contract";

const tables: readonly (readonly [title: string, file: string, states: States<string>])[] = [
  ["Carts", "cart.ts", cartStates],
  ["Orders", "order.ts", orderStates],
  ["Payments", "payment.ts", paymentStates],
  ["Transfers between places", "transfer.ts", transferStates],
];

/** Prints docs/reference/states.md: what each thing can be, and what it may become from there. */
export function printStates(): string {
  const sections = tables.map(([title, file, states]) => {
    const rows = Object.entries(states).map(
      ([name, { en, es, next }]) =>
        `| \`${name}\` | ${en} | ${es} | ${next.map((to) => `\`${to}\``).join(", ") || "nothing more"} |`,
    );
    return `## ${title}

*\`packages/contract/states/${file}\`*

| State | English | Español | May become |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
  });
  return `# States

*Printed from \`packages/contract/states/\` by \`npm run generate\`.*

The server refuses every other step, and every screen shows these words.

${sections.join("\n")}`;
}
