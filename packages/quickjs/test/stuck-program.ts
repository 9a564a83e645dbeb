import { EventLoop } from "@nova-agent/quickjs";

// Runs on the engine, and waits for what never comes.

EventLoop.start();
await new Promise(() => {});
