// The research desk as an ES module. main.cjs is the same program for CommonJS.
import { fileURLToPath } from "node:url";
import Anthropic from "@anthropic-ai/sdk";
import * as agents from "@openai/agents";
import { recordOutcome, withAgent, withTask } from "tokenledger";
import { openDesk } from "./desk.mjs";

const reviewProgram = fileURLToPath(new URL("./review.mjs", import.meta.url));
await openDesk({ Anthropic, agents, recordOutcome, withAgent, withTask }, reviewProgram);
