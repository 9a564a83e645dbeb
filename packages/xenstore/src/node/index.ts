export { nodeClock } from "./clock.ts";
export { connectUnix, socketTransport } from "./unix-socket.ts";
