export * from "./fake-files.ts";
export * from "./fake-system.ts";
// The agent loads it when it is asked, which takes real time where the module is not there yet.
export { answerHost } from "../doctor/answer-host.ts";
