// The second process, as an ES module.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { withAgent } from "tokenledger";
import { reviewOnRequest } from "./reviewers.mjs";

reviewOnRequest({ Anthropic, OpenAI, withAgent });
