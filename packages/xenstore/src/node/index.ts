export { nodeClock } from "./clock.ts";
export { findXenstore, type FindXenstoreOptions } from "./find-xenstore.ts";
export { type ListenOptions, listenXenstore, type XenstoreListener } from "./listen.ts";
export { connectUnix, socketTransport } from "./unix-socket.ts";
export { connectXenbus } from "./xenbus.ts";
