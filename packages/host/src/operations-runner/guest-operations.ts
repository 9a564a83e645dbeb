import { parseFeatures } from "../model/features.ts";
import { orUnsupported, parseFindings } from "../model/guest-finding.ts";
import type { GuestOperations } from "../ports/guest-operations.ts";
import type { OperationRunner } from "./operation-runner.ts";

/** The operations of a runner, call by call. */
export function guestOperations(runner: OperationRunner): GuestOperations {
  return {
    async version(call) {
      const { message } = await runner.run({ ...call, kind: "version" });
      return message;
    },
    async password(call, password) {
      await runner.run({ ...call, kind: "password", password });
    },
    async injectFile(call, file) {
      await runner.run({ ...call, kind: "injectFile", file });
    },
    async resetNetwork(call) {
      const { message } = await runner.run({ ...call, kind: "resetNetwork" });
      return message;
    },
    async features(call) {
      const { message } = await runner.run({ ...call, kind: "features" });
      return parseFeatures(message);
    },
    async doctor(call) {
      const { message } = await runner.run({ ...call, kind: "doctor" }).catch((error: unknown) => {
        throw orUnsupported(error);
      });
      return parseFindings(message);
    },
    async kmsactivate(call, value) {
      await runner.run({ ...call, kind: "kmsactivate", value });
    },
    async giveUp(instanceId) {
      await runner.giveUp(instanceId);
    },
    async send(call, request) {
      const { returncode, isIntegerCode, message } = await runner.run({ ...call, kind: "send", request });
      return { returncode, isIntegerCode, message };
    },
  };
}
