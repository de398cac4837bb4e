import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Message, readMessages } from "./sse.ts";

async function read(chunks: readonly Uint8Array[]): Promise<{ messages: Message[]; ids: string[] }> {
  const ids: string[] = [];
  const messages: Message[] = [];
  const bytes = ReadableStream.from(chunks) as ReadableStream<Uint8Array>;
  for await (const message of readMessages(bytes, (id) => ids.push(id))) messages.push(message);
  return { messages, ids };
}

const text =
  ': hello\nretry: 5\n\nid: 1-2\nevent: cart.changed\ndata: {"a":"ñ🧀"}\n\n: \nid: 7-0\n\ndata:x\r\ndata: y\r\n\r\nid: lost';

test("events are read whole wherever the network cuts them, and the last id moves without an event too", async () => {
  const expected = [
    { event: "cart.changed", id: "1-2", data: '{"a":"ñ🧀"}' },
    { event: "message", id: "7-0", data: "x\ny" },
  ];
  const bytes = new TextEncoder().encode(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const { messages, ids } = await read(at.slice(1).map((end, i) => bytes.slice(at[i], end)));
      assert.deepEqual(messages, expected);
      assert.deepEqual([...new Set(ids)], ["", "1-2", "7-0"]);
    }),
  );
});
