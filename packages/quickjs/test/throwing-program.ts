import { createClock, EventLoop } from "@nova-agent/quickjs";

// Runs on the engine, and rejects where nobody listens.

const clock = createClock(EventLoop.start());
clock.after(1, () => void Promise.reject(new TypeError("unheard")));
clock.after(60_000, () => {});
