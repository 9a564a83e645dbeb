import { inGuest, type RunningDemo } from "@nova-agent/testbed";

/** Holds the agent of the demo's own guest as it is: it answers nothing until it goes on. */
export async function holdAgent(demo: RunningDemo): Promise<void> {
  await signalAgent(demo, "STOP");
}

/** Lets it go on. */
export async function releaseAgent(demo: RunningDemo): Promise<void> {
  await signalAgent(demo, "CONT");
}

async function signalAgent(demo: RunningDemo, signal: "STOP" | "CONT"): Promise<void> {
  const find = 'for p in /proc/[0-9]*; do [ "$(cat $p/comm)" = nova-agent ] && echo ${p#/proc/}; done; true';
  const pids = (await inGuest(demo, ["sh", "-c", find])).split("\n").filter((pid) => pid !== "");
  if (pids.length === 0) throw new Error("No agent runs in the guest");
  await inGuest(demo, ["sh", "-c", `kill -${signal} ${pids.join(" ")}`]);
}
