import { playOneCart } from "../../examples/one-cart.ts";
import { testHub } from "../../packages/hub/testing/hub.ts";

/** The page of the shopper's script: what it says when it is played on a hub of its own. */
export async function printOneCart(): Promise<string> {
  const hub = await testHub();
  const lines: string[] = [];
  try {
    await playOneCart({ url: hub.url, key: hub.key, say: (line) => lines.push(line) });
  } finally {
    await hub.stop();
  }
  return `# One cart in every channel

*Printed from a run of [\`examples/one-cart.ts\`](../../examples/one-cart.ts) by \`npm run generate\`;
\`npm test -- examples\` plays it again.*

Ana fills a cart in the app, adds to it on the site, pays at the till with two tenders, hears of each change on her
phone, and brings one thing back to another store.

\`\`\`text
${lines.join("\n")}
\`\`\`
`;
}
