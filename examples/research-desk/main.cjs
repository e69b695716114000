// The research desk as CommonJS. The SDKs come by `require`; the desk itself is shared with main.mjs.
const path = require("node:path");
const Anthropic = require("@anthropic-ai/sdk");
const agents = require("@openai/agents");
const { recordOutcome, withAgent, withTask } = require("tokenledger");

const reviewProgram = path.join(__dirname, "review.cjs");
void import("./desk.mjs").then(({ openDesk }) =>
  openDesk({ Anthropic, agents, recordOutcome, withAgent, withTask }, reviewProgram),
);
