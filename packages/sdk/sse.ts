export type Message = { readonly event: string; readonly id: string; readonly data: string };

/**
 * Reads server-sent events from bytes. `onId` hears every id, also of those without data, so that a reader for whom
 * nothing happens does not fall behind.
 *
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* readMessages(
  bytes: ReadableStream<Uint8Array>,
  onId: (id: string) => void,
): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  const reader = bytes.getReader();
  let rest = "";
  let id = "";
  let event = "";
  let data: string[] = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const text = rest + decoder.decode(value, { stream: true });
    // A CR at the end may be half of a CRLF: it waits for what comes next.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = lines.pop()! + text.slice(whole.length);
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { event: event || "message", id, data: data.join("\n") };
        onId(id);
        event = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      const [name, text] =
        colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
      if (name === "event") event = text;
      else if (name === "data") data.push(text);
      else if (name === "id" && !text.includes("\0")) id = text;
    }
  }
}
