import type { Readable } from "node:stream";
import type { InputListener } from "../../terminal/terminal.ts";

/** Tells what comes from a stream until the returned function is called. */
export function listen(stream: Readable, { receive, ended, failed }: InputListener): () => void {
  stream.on("data", receive);
  stream.on("end", ended);
  stream.on("error", failed);
  stream.resume();
  return () => {
    stream.off("data", receive);
    stream.off("end", ended);
    stream.off("error", failed);
    // One that flows would keep the process.
    stream.pause();
  };
}
