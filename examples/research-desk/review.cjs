// The second process, as CommonJS.
const Anthropic = require("@anthropic-ai/sdk");
const OpenAI = require("openai");
const { withAgent } = require("tokenledger");

void import("./reviewers.mjs").then(({ reviewOnRequest }) => reviewOnRequest({ Anthropic, OpenAI, withAgent }));
