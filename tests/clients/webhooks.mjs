// standardwebhooks for JavaScript reads what the portal's webhook sent.
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const say = (step, told) => console.log(`  ${step.padEnd(22)} ${told}`);
const told = JSON.parse(readFileSync(0, "utf8"));
const hook = new Webhook(told.secret);
const event = hook.verify(told.body, told.headers);
say("verify", `${event.type} ${event.id}`);
try {
  hook.verify(`${told.body} `, told.headers);
} catch (error) {
  if (!(error instanceof WebhookVerificationError)) throw error;
  say("one byte more", error.message);
  process.exit(0);
}
throw new Error("A changed body was taken.");
