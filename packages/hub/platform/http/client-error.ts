import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ProblemCode } from "@trato/contract";
import { problemBody } from "./problem.ts";

const problemOf: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "request_slow",
  HPE_HEADER_OVERFLOW: "headers_too_large",
};

/** Answers what never became a request: headers too large, bytes that come too slowly, or no HTTP at all. */
export function answerClientError(cause: Error & { code?: string }, socket: Socket): void {
  if (cause.code === "ECONNRESET" || socket.destroyed) return;
  if (socket.writable) {
    const body = problemBody(
      { problem: problemOf[cause.code ?? ""] ?? "request_unreadable" },
      crypto.randomUUID(),
      "en",
    );
    const text = JSON.stringify(body);
    socket.write(
      `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}\r\nConnection: close\r\n` +
        `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }
  socket.destroy();
}
