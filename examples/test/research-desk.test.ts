import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BillLine, type SeenRequest, startProviderDouble } from "@tokenledger/provider-double";
import { beforeAll, describe, expect, it } from "vitest";
import script from "../research-desk/provider-script.ts";

const program = (name: string): string => fileURLToPath(new URL(`../research-desk/${name}`, import.meta.url));

interface Ran {
  readonly code: unknown;
  readonly output: string;
  readonly bill: BillLine[];
  readonly requests: SeenRequest[];
}

/** Runs the sample bare: without the hook, as an application that has never heard of us. */
async function runSample(variant: string): Promise<Ran> {
  const double = await startProviderDouble({ script });
  const env = {
    ...process.env,
    OPENAI_API_KEY: "test",
    OPENAI_BASE_URL: double.openai,
    ANTHROPIC_API_KEY: "test",
    ANTHROPIC_BASE_URL: double.anthropic,
  };
  const child = spawn(process.execPath, [program(variant)], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += String(text)));
  const [code] = await once(child, "close");
  const ran = { code, output, bill: double.bill(), requests: double.requests() };
  await double.close();
  return ran;
}

/** The bill by model, as the table of the README words it. */
function billTable(bill: readonly BillLine[]): string[] {
  return [...new Set(bill.map((line) => line.model))].toSorted().map((model) => {
    const lines = bill.filter((line) => line.model === model);
    const sums = (["input", "cacheRead", "cacheWrite5m", "cacheWrite1h", "output", "reasoning"] as const).map((field) =>
      lines.reduce((total, line) => total + line[field], 0).toLocaleString("en"),
    );
    return [`\`${model}\``, lines.length, ...sums].join(" | ");
  });
}

function tableInReadme(): string[] {
  const rows = readFileSync(program("README.md"), "utf8").matchAll(/^\| (`[^|]*(?: *\| *[\d,]+){7}) *\|$/gm);
  return [...rows].map(([, row = ""]) => row.replaceAll(/ *\| */g, " | ").trim());
}

describe.each(["main.mjs", "main.cjs"])("the research desk, %s", (variant) => {
  let ran: Ran;
  beforeAll(async () => {
    if (!existsSync(fileURLToPath(import.meta.resolve("tokenledger")))) {
      throw new Error("The sample imports the built `tokenledger`: `npm run bundle` first.");
    }
    ran = await runSample(variant);
  });

  it("serves both orders and says nothing else", () => {
    expect(ran.output).toBe("acme: The brief on heat pumps is ready.\nglobex: The press release is in good style.\n");
    expect(ran.code).toBe(0);
  });

  it("is billed the same at every run, as its README says", () => {
    expect(tableInReadme()).toHaveLength(6);
    expect(billTable(ran.bill)).toEqual(tableInReadme());
  });

  it("meets the mishaps of an ordinary day: a 429, a refusal, a stream left early, the same question twice", () => {
    const { bill, requests } = ran;
    expect(requests.filter((request) => request.status !== 200).map(({ status, model }) => [status, model])).toEqual([
      [429, "gpt-5.4-mini"],
      [400, "gpt-5.4"],
    ]);
    expect(bill.filter((line) => line.outcome !== "completed").map((line) => line.model)).toEqual(["claude-haiku-4-5"]);
    const flex = requests.filter((request) => JSON.stringify(request.body).includes('"flex"'));
    expect(flex).toHaveLength(2);
    expect(flex[0]?.body).toEqual(flex[1]?.body);
  });
});
