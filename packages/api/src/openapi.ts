import * as z from "zod/mini";
import type { Route, Service } from "./route.ts";

/** How one says who one is. */
const securitySchemes = {
  token: { type: "apiKey", in: "header", name: "X-Auth-Token" },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "nova-session",
    description:
      "Over TLS its name is __Host-nova-session. What changes something also needs the header X-CSRF-Token.",
  },
} as const;

/** The document of every route, from their tables (OpenAPI 3.1). */
export function describeServices(services: readonly Service[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const service of services) {
    for (const route of service.routes) {
      const path = `${service.prefix}${route.path === "/" ? "" : route.path}`.replaceAll(/:(\w+)/gu, "{$1}");
      const methods = (paths[path] ??= {});
      const method = route.method.toLowerCase();
      methods[method] = addRoute(methods[method], { service, route });
    }
  }
  return {
    openapi: "3.1.0",
    info: { title: "nova-agent", version: "2.1", description: "The Compute API and what its clients need" },
    components: { securitySchemes },
    paths,
  };
}

/** Routes that share a method and a path are one operation, whose body is that of any of them. */
function addRoute(
  existing: object | undefined,
  { service, route }: { readonly service: Service; readonly route: Route },
): object {
  const own = describeRoute(service, route);
  if (existing === undefined) return own;
  const before = existing as typeof own;
  return {
    ...before,
    responses: { ...before.responses, ...own.responses },
    "x-routes": [...before["x-routes"], ...own["x-routes"]],
    ...mergeBodies(before.requestBody, own.requestBody),
  };
}

interface Body {
  readonly required: boolean;
  readonly content: { readonly "application/json": { readonly schema: object } };
}

function mergeBodies(before: Body | undefined, own: Body | undefined): { requestBody?: Body } {
  if (before === undefined || own === undefined) return {};
  const schemas = [before, own].flatMap(({ content }) => {
    const { schema } = content["application/json"];
    return "anyOf" in schema && "x-alternatives" in schema ? (schema.anyOf as object[]) : [schema];
  });
  return { requestBody: describeBody({ anyOf: schemas, "x-alternatives": true }) };
}

function describeRoute(service: Service, route: Route) {
  const requestBody = bodySchema(route);
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [service.name],
    security: route.access === "anyone" ? [] : [{ token: [] }, { session: [] }],
    parameters: [...pathParameters(route.path), ...queryParameters(route)],
    ...(requestBody === undefined ? {} : { requestBody: describeBody(requestBody) }),
    responses: { [route.success]: { description: "Done" } },
    "x-routes": [
      {
        name: route.name,
        summary: route.summary,
        access: route.access,
        ...(route.action === undefined ? {} : { action: route.action }),
        ...(service.hasMicroversions ? { microversions: route.microversions } : {}),
      },
    ],
  } as { requestBody?: Body; responses: object; "x-routes": readonly object[] } & Record<string, unknown>;
}

function describeBody(schema: object): Body {
  return { required: true, content: { "application/json": { schema } } };
}

function bodySchema({ body, action }: Route): object | undefined {
  const schema = body === undefined ? undefined : toJsonSchema(body);
  if (action === undefined) return schema;
  return {
    type: "object",
    properties: { [action]: schema ?? {} },
    required: [action],
    additionalProperties: false,
  };
}

function pathParameters(path: string): readonly object[] {
  return [...path.matchAll(/:(\w+)/gu)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ query }: Route): readonly object[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = toJsonSchema(query);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

function toJsonSchema(schema: z.ZodMiniType): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...document } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return document;
}
