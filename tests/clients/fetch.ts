// openapi-fetch with the types that openapi-typescript makes of openapi.json: a wrong name does not compile.
import createClient from "openapi-fetch";
import type { paths } from "./schema";

declare const process: { env: Record<string, string | undefined> };

const env = (name: string): string => process.env[`CLIENT_${name}`] ?? "";
const say = (step: string, told: unknown): void => console.log(`  ${step.padEnd(22)} ${told}`);
const client = createClient<paths>({
  baseUrl: env("SITE"),
  headers: { Authorization: `Bearer ${env("TOKEN")}` },
});
const path = { slug: env("SLUG"), uuid: env("SUBSCRIPTION") };
const place = "/api/v1/t/{slug}/subscriptions/{uuid}/partner-of-record";
const seen = (tag: string | null) => ({ "If-Match": tag ?? "" });
const must = <T>(found: T | undefined, problem: unknown): T => {
  if (found === undefined) throw new Error(JSON.stringify(problem));
  return found;
};

type Outcome = { after: { name: string } | null } | { dry_run: boolean };
const after = (outcome: Outcome): string | undefined => ("after" in outcome ? outcome.after?.name : undefined);

const page = await client.GET("/api/v1/t/{slug}/subscriptions", { params: { path, query: { limit: 3, count: true } } });
say("list", `${must(page.data, page.error).count} subscriptions`);
const now = await client.GET(place, { params: { path } });
const { partner_of_record: before } = must(now.data, now.error);
const tag = now.response.headers.get("ETag");
say("get", `${tag}, partner of record ${before?.partner_id}`);
const check = await client.POST("/api/v1/t/{slug}/partner-checks", {
  params: { path },
  body: { partner_id: "9999999", subscription: path.uuid },
});
say("check (unknown ID)", must(check.data, check.error).reason);
const body = { partner_id: env("PARTNER_NUMBER"), reason: "By openapi-fetch", expected_name: null, version: null };
const set = await client.PUT(place, { params: { path, header: seen(tag) }, body });
say("set", after(must(set.data, set.error)));
const stale = await client.PUT(place, { params: { path, header: seen(tag) }, body });
if (!stale.error) throw new Error("A stale tag was taken.");
say("set with a stale tag", `${stale.response.status} ${stale.error.code}: ${stale.error.detail}`);
const cleared = await client.DELETE(place, {
  params: { path, header: seen(set.response.headers.get("ETag")) },
});
say("clear", cleared.response.status);
const undone = await client.POST(`${place}/undo`, {
  params: {
    path,
    header: { ...seen(cleared.response.headers.get("ETag")), "Idempotency-Key": crypto.randomUUID() },
  },
});
say("undo", after(must(undone.data, undone.error)));
if (before) {
  const back = await client.PUT(place, {
    params: { path, header: seen(undone.response.headers.get("ETag")) },
    body: { ...body, partner_id: before.partner_id },
  });
  say("put back", after(must(back.data, back.error)));
}
