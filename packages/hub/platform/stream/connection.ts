import type { ServerResponse } from "node:http";
import { limits } from "@trato/base";
import { encodeNotice } from "./sse.ts";

/** Why a stream ends before its reader wants it to; reading on with the last id misses nothing. */
export type DropReason = "slow" | "key_revoked" | "stopping" | "broken";

export type Connection = {
  /** Writes, unless what waits for this reader is more than may: then it is told so, and dropped. */
  write(chunk: Buffer | string): void;
  /** Waits until the reader has taken what was written; drops one who does not. */
  drained(): Promise<void>;
  drop(reason: DropReason): void;
  end(farewell: string): void;
  isOpen(): boolean;
  onClose(heard: () => void): void;
};

/** One reader of a stream, with a bounded buffer. */
export function connectionOf(raw: ServerResponse, onDrop: (reason: DropReason) => void): Connection {
  let open = true;
  const closed: (() => void)[] = [];
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const heard of closed) heard();
  };
  raw.on("close", close);
  raw.on("error", close);

  const end = (farewell: string): void => {
    if (!open) return;
    raw.end(farewell);
    close();
    // Whoever does not even take the farewell is cut off.
    const timer = setTimeout(() => raw.destroy(), limits.streamFarewellMsMax);
    timer.unref();
    raw.once("close", () => clearTimeout(timer));
  };
  const drop = (reason: DropReason): void => {
    if (!open) return;
    onDrop(reason);
    end(encodeNotice("dropped", { reason }));
  };
  return {
    write(chunk) {
      if (!open) return;
      if (raw.writableLength > limits.streamBufferBytesMax) drop("slow");
      else raw.write(chunk);
    },
    async drained() {
      if (!open || !raw.writableNeedDrain) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        drop("slow");
        resolve();
      }, limits.streamDrainMsMax);
      raw.on("drain", resolve);
      raw.on("close", resolve);
      await promise;
      clearTimeout(timer);
      raw.off("drain", resolve);
      raw.off("close", resolve);
    },
    drop,
    end,
    isOpen: () => open,
    onClose: (heard) => void (open ? closed.push(heard) : heard()),
  };
}
