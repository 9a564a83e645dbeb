export { nodeClock } from "./clock.ts";
export { findXenstore, type FindXenstoreOptions, type FoundXenstore } from "./find-xenstore.ts";
export { type ListenOptions, listenXenstore, type XenstoreListener } from "./listen.ts";
export { connectUnix, socketTransport } from "./unix-socket.ts";
export { connectXenbus } from "./xenbus.ts";
export { type BlockingDevice, XenbusTransport } from "./xenbus-transport.ts";
