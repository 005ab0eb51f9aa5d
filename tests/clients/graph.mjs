// Microsoft Graph's own client for JavaScript, which sends its token by https alone.
import { Client, PageIterator } from "@microsoft/microsoft-graph-client";

const env = (name) => process.env[`CLIENT_${name}`];
const say = (step, told) => console.log(`  ${step.padEnd(22)} ${told}`);
const clientOf = (token) =>
  Client.initWithMiddleware({
    baseUrl: `${env("SITE")}/graph`,
    defaultVersion: "v1.0",
    customHosts: new Set([env("HOST")]),
    authProvider: { getAccessToken: async () => token },
  });

async function refused(step, act) {
  try {
    await act();
  } catch (error) {
    const inner = JSON.parse(error.body).innerError;
    say(step, `${error.statusCode} ${inner.reasonCode}: ${error.message}`);
    return;
  }
  throw new Error(`${step}: nothing was refused`);
}

const graph = clientOf(env("TOKEN"));
const place = `/directory/subscriptions/${env("SUBSCRIPTION")}`;
const named = (number) => ({ partnerOfRecord: number ? { partnerId: number } : null });
const change = (tag, number) => graph.api(place).header("If-Match", tag).patch(named(number));

const page = await graph.api("/directory/subscriptions").top(3).count(true).get();
let found = 0;
await new PageIterator(graph, page, () => (found += 1) > 0).iterate();
if (found !== page["@odata.count"]) throw new Error(`${found} of ${page["@odata.count"]}`);
say("list by $top=3", `${found} subscriptions by following nextLink`);
const row = await graph.api(place).select("status,partnerOfRecord").get();
say("get", `${row.status}, partner of record ${row.partnerOfRecord?.partnerId}`);
await refused("check (unknown ID)", () => change(row["@odata.etag"], "9999999"));
await refused("set without If-Match", () => graph.api(place).patch(named(env("PARTNER_NUMBER"))));
const changed = await change(row["@odata.etag"], env("PARTNER_NUMBER"));
say("set", changed.partnerOfRecord.displayName);
await refused("set with a stale tag", () => change(row["@odata.etag"], null));
const cleared = await change(changed["@odata.etag"], null);
say("clear", cleared.partnerOfRecord);

// What Graph has no word for, by the same token
const at = `${env("SITE")}/api/v1/t/${env("SLUG")}/subscriptions/${env("SUBSCRIPTION")}/partner-of-record/undo`;
const undone = await fetch(at, {
  method: "POST",
  headers: {
    Authorization: `Bearer ${env("TOKEN")}`,
    "If-Match": cleared["@odata.etag"].replace("W/", ""),
    "Idempotency-Key": crypto.randomUUID(),
  },
});
if (!undone.ok) throw new Error(await undone.text());
say("undo, by the API", (await undone.json()).after.name);
const tag = (await graph.api(place).get())["@odata.etag"];
if (row.partnerOfRecord) {
  const back = await change(tag, row.partnerOfRecord.partnerId);
  say("put back", back.partnerOfRecord.displayName);
}

const partner = clientOf(env("PARTNER_TOKEN"));
const asked = "/tenantRelationships/delegatedAdminRelationships";
const made = await partner.api(asked).post({
  displayName: "By microsoft-graph-client",
  duration: "P730D",
  customer: { tenantId: env("CUSTOMER") },
  accessDetails: { unifiedRoles: [{ roleDefinitionId: "b0f54661-2d74-4c50-afa3-1ec803f12efe" }] },
});
say("offer: draft", `${made.status}, ${made.duration}, for ${made.customer.displayName}`);
const request = (action) => partner.api(`${asked}/${made.id}/requests`).post({ action });
await request("lockForApproval");
say("offer: send", (await partner.api(`${asked}/${made.id}`).get()).status);
await refused("offer: send again", () => request("lockForApproval"));
await request("terminate");
say("offer: terminate", (await partner.api(`${asked}/${made.id}`).get()).status);
