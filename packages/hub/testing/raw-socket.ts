import { once } from "node:events";
import { connect } from "node:net";
import type { HubAt } from "./ask.ts";

/** Writes bytes on a socket of their own and gives back all that came until the other side closed it. */
export async function speak(at: HubAt, ...said: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(at.url);
  const socket = connect(Number(port), hostname);
  let heard = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    heard += text;
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  for (const part of said) socket.write(part);
  if (!socket.closed) await once(socket, "close");
  return heard;
}

/** The status and the problem's code in an answer as it came over the wire. */
export function problemIn(heard: string): { readonly status: number; readonly code: string } {
  const [head = "", body = ""] = heard.split("\r\n\r\n");
  const status = Number(head.split(" ")[1]);
  if (!/content-type: application\/problem\+json/i.test(head)) return { status, code: "" };
  return { status, code: (JSON.parse(body) as { code: string }).code };
}
