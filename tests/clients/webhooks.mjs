// What came to the receiver in Python, verified by the library in JavaScript.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const say = (step, told) => console.log(`  ${step.padEnd(22)} ${told}`);
const { headers, body, secret } = JSON.parse(readFileSync("received.json", "utf8"));
const told = new Webhook(secret).verify(body, headers);
say("verify", `${told.type}, ${told.id === headers["webhook-id"]}`);
try {
  new Webhook(secret).verify(`${body} `, headers);
} catch (error) {
  say("one byte more", error.message);
  process.exit(0);
}
throw new Error("A changed body was verified.");
