import * as z from "zod/mini";
import { ApiError } from "../../errors.ts";
import type { Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { generatePassword, revealText } from "../generate-password.ts";
import { id, nothing, secretText } from "../schemas.ts";
import { actionRoute } from "./action-route.ts";

/** What is done with servers (nova api-ref, "Servers - run an action"). */
export function actionRoutes(options: ComputeOptions): readonly Route[] {
  return [
    changePassword(options),
    ...powerRoutes(options),
    rescue(options),
    unrescue(options),
    ...networkRoutes(options),
    consoleOutput(options),
    ...activationRoutes(options),
  ];
}

function changePassword(options: ComputeOptions): Route {
  return actionRoute(options, {
    action: "changePassword",
    summary: "Set the administrator's password; answered when the guest has it, or with the reason why not",
    body: z.object({ adminPass: secretText }),
    carryOut: async ({ requester, id, body }) => {
      await options.instances.changePassword(requester, id, body.adminPass);
      return {};
    },
  });
}

function powerRoutes(options: ComputeOptions): readonly Route[] {
  const { instances } = options;
  return [
    actionRoute(options, {
      action: "reboot",
      summary: "Reboot a server: soft asks the guest, hard ends its domain and makes a new one",
      body: z.object({ type: z.string().check(z.regex(/^(?:soft|hard)$/i, "Expected SOFT or HARD")) }),
      carryOut: async ({ requester, id, body }) => {
        await instances.reboot(requester, id, body.type.toLowerCase() === "hard" ? "hard" : "soft");
        return {};
      },
    }),
    actionRoute(options, {
      action: "os-start",
      summary: "Start a server that is stopped",
      body: nothing,
      carryOut: async ({ requester, id }) => {
        await instances.start(requester, id);
        return {};
      },
    }),
    actionRoute(options, {
      action: "os-stop",
      summary: "Stop a server",
      body: nothing,
      carryOut: async ({ requester, id }) => {
        await instances.stop(requester, id);
        return {};
      },
    }),
  ];
}

function rescue(options: ComputeOptions): Route {
  return actionRoute(options, {
    action: "rescue",
    summary: "Boot a rescue system with the server's own disk beside it, and a password of its own",
    success: 200,
    body: z.nullable(z.object({ adminPass: z.optional(secretText), rescue_image_ref: z.optional(id) })),
    carryOut: async ({ requester, id, body }) => {
      const adminPass = body?.adminPass ?? generatePassword();
      const password = revealText(adminPass);
      await options.instances.rescue(requester, id, { adminPass, imageId: body?.rescue_image_ref });
      return { body: { adminPass: password } };
    },
  });
}

function unrescue(options: ComputeOptions): Route {
  return actionRoute(options, {
    action: "unrescue",
    summary: "Boot a rescued server from its own disk again",
    body: nothing,
    carryOut: async ({ requester, id }) => {
      await options.instances.unrescue(requester, id);
      return {};
    },
  });
}

function networkRoutes(options: ComputeOptions): readonly Route[] {
  const { instances } = options;
  return [
    actionRoute(options, {
      action: "resetNetwork",
      summary: "Have the guest apply its network; answered when it has, or with the reason why not",
      body: nothing,
      carryOut: async ({ requester, id }) => {
        await instances.resetNetwork(requester, id);
        return {};
      },
    }),
    actionRoute(options, {
      action: "injectNetworkInfo",
      summary: "Write the server's networks where its guest reads them",
      body: nothing,
      carryOut: async ({ requester, id }) => {
        await instances.injectNetworkInfo(requester, id);
        return {};
      },
    }),
    actionRoute(options, {
      action: "addFixedIp",
      summary: "One more address in a network of the server",
      microversions: { to: 43 },
      body: z.object({ networkId: id }),
      carryOut: async ({ requester, id, body }) => {
        await instances.addFixedIp(requester, id, body.networkId);
        return {};
      },
    }),
    actionRoute(options, {
      action: "removeFixedIp",
      summary: "Take an address away",
      microversions: { to: 43 },
      body: z.object({ address: z.union([z.ipv4(), z.ipv6()]) }),
      carryOut: async ({ requester, id, body }) => {
        await instances.removeFixedIp(requester, id, body.address);
        return {};
      },
    }),
  ];
}

function consoleOutput(options: ComputeOptions): Route {
  const lines = z.pipe(
    z.union([z.int(), z.string().check(z.regex(/^-?\d{1,9}$/))]),
    z.transform((text) => Number(text)),
  );
  return actionRoute(options, {
    action: "os-getConsoleOutput",
    summary: "The last lines that the guest wrote to its console",
    success: 200,
    body: z.nullable(z.object({ length: z.optional(z.nullable(lines)) })),
    carryOut: async ({ requester, id, body }) => {
      const output = await options.instances.consoleLog(requester, id);
      if (output === undefined) {
        throw new ApiError("NOT_FOUND", "Guest does not have a console available.");
      }
      return { body: { output: lastLines(output, body?.length ?? -1) } };
    },
  });
}

/** All of them when it is -1 (nova api-ref, "Show Console Output"). */
function lastLines(text: string, length: number): string {
  if (length < 0) return text;
  const lines = text.split("\n");
  const isEnded = lines.at(-1) === "";
  const from = Math.max(0, lines.length - length - (isEnded ? 1 : 0));
  return length === 0 ? "" : lines.slice(from).join("\n");
}

/** Not Nova's: what guests of Red Hat's family and Windows are asked where their agent offers it. */
function activationRoutes({ instances, ...options }: ComputeOptions): readonly Route[] {
  const body = z.object({
    activation_key: z.string().check(z.minLength(1), z.maxLength(255)),
    profile: z.string().check(z.maxLength(255)),
    domains: z.array(z.string().check(z.minLength(1), z.maxLength(255))).check(z.maxLength(8)),
    org: z.optional(z.string().check(z.maxLength(255))),
  });
  return (["registerRedHat", "activateWindows"] as const).map((action) =>
    actionRoute(
      { instances, ...options },
      {
        action,
        summary: action === "registerRedHat" ? "Register a guest with Red Hat" : "Activate Windows",
        body,
        carryOut: async ({ requester, id, body: { activation_key: activationKey, ...rest } }) => {
          await instances[action](requester, id, { activationKey, ...rest });
          return {};
        },
      },
    ),
  );
}
