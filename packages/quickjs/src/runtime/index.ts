export { createClock } from "./clock.ts";
export { check, errorOf, NativeError, wouldWait } from "./errno.ts";
export { EventLoop, type Readiness } from "./event-loop.ts";
export { Programs, type ProgramStart, type RunningProgram } from "./programs.ts";
export { onSignals, Signal } from "./signals.ts";
export { connectUnix, connectXenbus, findXenstore } from "./xenstore.ts";
