import { type CreateRequest, type Instance, type Requester, Secret } from "@nova-agent/host";
import type * as z from "zod/mini";
import { ApiError } from "../../errors.ts";
import type { MicroversionRange } from "../../microversion.ts";
import { type CallFacts, route, type Route, type RouteReply } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { generatePassword, revealText } from "../generate-password.ts";
import { viewLinks } from "../links.ts";
import { chooseCards } from "./choose-cards.ts";
import { createBodies, type ServerRequest } from "./create-request.ts";

interface CreateCall extends CallFacts {
  readonly requester: Requester;
}

/** How servers come to be: files are taken until version 2.56, networks must be said since 2.37. */
export function createRoutes(options: ComputeOptions): readonly Route[] {
  return [
    createRoute(options, { name: "createServer", microversions: { to: 36 }, body: createBodies.until36 }),
    createRoute(options, {
      name: "createServerWithNetworks",
      microversions: { from: 37, to: 56 },
      body: createBodies.until56,
    }),
    createRoute(options, {
      name: "createServerWithoutFiles",
      microversions: { from: 57 },
      body: createBodies.since57,
    }),
  ];
}

function createRoute(
  options: ComputeOptions,
  row: {
    readonly name: string;
    readonly microversions: MicroversionRange;
    readonly body: z.ZodMiniType<{ readonly server: ServerRequest }>;
  },
): Route {
  return route({
    ...row,
    method: "POST",
    path: "/v2.1/servers",
    summary: "Create servers; answered at once, while they are built",
    role: "member",
    success: 202,
    handle: (call) => createServers(options, call, call.body.server),
  });
}

async function createServers(
  options: ComputeOptions,
  call: CreateCall,
  wanted: ServerRequest,
): Promise<RouteReply> {
  const { min_count: least = 1, max_count: most = least } = wanted;
  if (least > most) throw new ApiError("BAD_REQUEST", "min_count must be <= max_count");
  if (typeof wanted.availability_zone === "string" && !/^(?:nova(?::.*)?)?$/.test(wanted.availability_zone)) {
    throw new ApiError("BAD_REQUEST", "The requested availability zone is not available");
  }
  const adminPass = wanted.adminPass ?? generatePassword();
  try {
    const password = revealText(adminPass);
    const created = await createAll(options, call, { wanted, count: most, adminPass });
    const image = await options.database.inventory.findImage(wanted.imageRef);
    // Without an agent nothing gives it to the guest, and to tell it would be a lie.
    const shown = image?.hasAgent === false ? undefined : password;
    return viewCreated(call, {
      created,
      password: shown,
      isReservation: wanted.return_reservation_id === true,
    });
  } finally {
    adminPass.wipe();
  }
}

async function createAll(
  options: ComputeOptions,
  call: CreateCall,
  {
    wanted,
    count,
    adminPass,
  }: { readonly wanted: ServerRequest; readonly count: number; readonly adminPass: Secret },
): Promise<readonly Instance[]> {
  const request = await createRequestOf(options, call, { wanted, count });
  const created: Instance[] = [];
  for (let number = 1; number <= count; number += 1) {
    created.push(
      await options.instances.create(requesterOf(options, call, number), {
        ...request,
        name: count === 1 ? wanted.name : `${wanted.name}-${number}`,
        // Each is wiped when its own build ends.
        adminPass: new Secret(adminPass.reveal().slice()),
      }),
    );
  }
  return created;
}

async function createRequestOf(
  options: ComputeOptions,
  { requester }: CreateCall,
  { wanted, count }: { readonly wanted: ServerRequest; readonly count: number },
): Promise<Omit<CreateRequest, "adminPass">> {
  return {
    name: wanted.name,
    imageId: wanted.imageRef,
    flavorId: wanted.flavorRef,
    cards: await chooseCards(options, requester, { networks: wanted.networks, count }),
    metadata: wanted.metadata ?? {},
    files: (wanted.personality ?? []).map(({ path, contents }) => ({ path, content: contents })),
    keyName: wanted.key_name ?? null,
  };
}

/** An action belongs to one instance: all but the first have requests of their own. */
function requesterOf({ newId }: ComputeOptions, { requester }: CreateCall, number: number): Requester {
  return number === 1 ? requester : { ...requester, requestId: `req-${newId()}` };
}

function viewCreated(
  { serviceUrl, requestId }: CreateCall,
  made: {
    readonly created: readonly Instance[];
    readonly password: string | undefined;
    readonly isReservation: boolean;
  },
): RouteReply {
  const [first] = made.created;
  if (made.isReservation || first === undefined) {
    return { body: { reservation_id: `r-${requestId.slice(4, 12)}` } };
  }
  const links = viewLinks(serviceUrl, "servers", first.id);
  return {
    headers: { Location: `${serviceUrl}/v2.1/servers/${first.id}` },
    body: {
      server: {
        id: first.id,
        links,
        "OS-DCF:diskConfig": "MANUAL",
        security_groups: [{ name: "default" }],
        ...(made.password !== undefined && { adminPass: made.password }),
      },
    },
  };
}
