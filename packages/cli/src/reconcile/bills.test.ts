import { describe, expect, test } from "vitest";
import { UsageError } from "../usage-error.ts";
import { readAnthropicCosts } from "./anthropic-costs.ts";
import type { Bill } from "./bill.ts";
import { readCsvBill } from "./csv-bill.ts";
import { formatMoney, parseMoney } from "./money.ts";
import { readOpenAiCosts } from "./openai-costs.ts";

const shown = ({ lines }: Bill): string[] =>
  lines.map(({ day, model, item, amount, decimals }) => [day, model, item, formatMoney(amount), decimals].join("|"));

describe("amounts", () => {
  test("are read exactly, however they are written", () => {
    const written = ["0.8958740000000000", "1.2e-7", "-3", ".5", "1e2"];
    expect(written.map((text) => formatMoney(parseMoney(text)?.amount ?? 1n))).toEqual([
      "0.895874",
      "0.00000012",
      "-3",
      "0.5",
      "100",
    ]);
    expect(["", "abc", "1,5", "NaN", "--1"].map((text) => parseMoney(text))).toEqual(Array(5).fill(undefined));
  });
});

describe("OpenAI's costs", () => {
  const result = (value: unknown, line_item: string | null, currency = "usd") => ({
    object: "organization.costs.result",
    amount: { value, currency },
    line_item,
    project_id: null,
  });
  const page = (results: unknown[], more = {}) => ({
    object: "page",
    data: [{ object: "bucket", start_time: 1_793_491_200, end_time: 1_793_577_600, results }],
    has_more: false,
    next_page: null,
    ...more,
  });

  test("name model and kind of token in their line items, in one page or several", () => {
    const pages = [
      page([result(0.06, "gpt-5.4-2026-03-05, input"), result("0.0125000", "gpt-5.4-2026-03-05, cached input")]),
      page([result(1e-7, "web search tool calls")]),
    ];
    const expected = [
      "2026-11-01|gpt-5.4-2026-03-05|input|0.06|2",
      "2026-11-01|gpt-5.4-2026-03-05|cached input|0.0125|7",
      "2026-11-01|web search tool calls||0.0000001|7",
    ];
    expect(shown(readOpenAiCosts("f", JSON.stringify(pages)))).toEqual(expected);
    expect(shown(readOpenAiCosts("f", pages.map((one) => JSON.stringify(one)).join("\n")))).toEqual(expected);
  });

  test("that are not whole, or not by line item, are noted; other currencies and other files are refused", () => {
    const { notes } = readOpenAiCosts("f", JSON.stringify(page([result(1, null)], { has_more: true })));
    expect(notes).toEqual([expect.stringContaining("another"), expect.stringContaining("group_by=line_item")]);
    expect(() => readOpenAiCosts("f", JSON.stringify(page([result(1, "m", "eur")])))).toThrow("this bill in eur");
    for (const text of ["", "{}", "[]", "no json", '{"data":[{}]}'])
      expect(() => readOpenAiCosts("f", text)).toThrow(UsageError);
  });
});

describe("Anthropic's cost report", () => {
  const report = (results: unknown[]) =>
    JSON.stringify({
      data: [{ starting_at: "2026-11-01T00:00:00Z", ending_at: "2026-11-02T00:00:00Z", results }],
      has_more: false,
    });
  test("counts in cents", () => {
    const tokens = { model: "claude-opus-5", cost_type: "tokens", token_type: "output_tokens", currency: "USD" };
    const search = { model: null, cost_type: "web_search", description: "Web Search Usage", currency: "USD" };
    expect(
      shown(
        readAnthropicCosts(
          "f",
          report([
            { ...tokens, amount: "123.456" },
            { ...search, amount: "2.0" },
          ]),
        ),
      ),
    ).toEqual(["2026-11-01|claude-opus-5|output_tokens tokens|1.23456|5", "2026-11-01||Web Search Usage|0.02|3"]);
  });

  test("is not the usage report", () => {
    expect(() => readAnthropicCosts("f", report([{ uncached_input_tokens: 5 }]))).toThrow("this is the usage report");
  });
});

describe("a CSV bill", () => {
  test("is read by what its columns are called, quotes and all", () => {
    const text =
      '\uFEFFDate,"Model",Notes,Cost USD\r\n2026-11-01,gpt-5.4,"a, ""b""\nc",1.50\r\n\r\n2026-11-02,o3,,-0.25\r\n';
    expect(shown(readCsvBill("f", text))).toEqual(["2026-11-01|gpt-5.4||1.5|2", "2026-11-02|o3||-0.25|2"]);
  });

  test("may be OpenAI's own, with days that cost nothing", () => {
    const header = "start_time\tend_time\tstart_time_iso\tend_time_iso\tamount_value\tamount_currency\tline_item";
    const bill = readCsvBill(
      "f",
      `${header}\n1\t2\t2026-11-01T00:00:00+00:00\tx\t0.50000\tusd\tgpt-5.4, input\n1\t2\t2026-11-02T00:00:00+00:00\tx\t\t\t\n`,
    );
    expect(shown(bill)).toEqual(["2026-11-01|gpt-5.4|input|0.5|5"]);
    expect(bill.days).toEqual(["2026-11-01", "2026-11-02"]);
  });

  test("without a column, a day or an amount is refused", () => {
    expect(() => readCsvBill("f", "day,model\n2026-11-01,m")).toThrow("no column for the amount");
    expect(() => readCsvBill("f", "day,model,cost\nyesterday,m,1")).toThrow('"yesterday" is no day');
    expect(() => readCsvBill("f", "day,model,cost\n2026-11-01,m,much")).toThrow('"much" is no amount');
  });
});
