import { listViews, queryView, type ViewDescription } from "@tokenledger/clickhouse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, formula, type PageLedger, secret, startPageLedger } from "./page-ledger.fixture.ts";

let running: PageLedger;
beforeAll(async () => {
  running = await startPageLedger();
});
afterAll(() => running?.stop());

const whole = "from=2026-05-01&to=2026-05-02";

describe("the API", () => {
  test("lists every view with its question and typed parameters", async () => {
    const { status, body } = await ask(running.page, "/api/views");
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ views: listViews() });
  });

  test("answers a view with what the view answers, money exact", async () => {
    const { status, body } = await ask(running.page, `/api/views/ledger_total?${whole}`);
    expect(status).toBe(200);
    const { columns, rows, sql, elapsed_ns } = JSON.parse(body) as Record<"columns" | "rows", never[]> & {
      sql: string;
      elapsed_ns: number;
    };
    const names = columns.map(({ name }: { name: string }) => name);
    const [row] = await queryView(running.ledger.reader, "ledger_total", { from: "2026-05-01", to: "2026-05-02" });
    expect(rows).toEqual([names.map((name) => row?.[name])]);
    expect(row).toMatchObject({ calls: "2", known_cost_usd: "0.105", unpriced_calls: "0" });
    expect(elapsed_ns).toBeGreaterThan(0);
    // The query to copy is one that answers the same.
    const copied = await running.ledger.reader.client.query({ query: sql, format: "JSONEachRow" });
    expect(await copied.json()).toMatchObject([{ known_cost_usd: 0.105 }]);
  });

  test("answers as CSV in which no name is a formula", async () => {
    const { status, headers, body } = await ask(running.page, `/api/views/customer_cost?${whole}&format=csv`);
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(headers["content-disposition"]).toBe('attachment; filename="customer_cost.csv"');
    const lines = body.split("\r\n").slice(1);
    expect(lines.some((line) => line.startsWith(`"'${formula.replaceAll('"', '""')}"`))).toBe(true);
    expect(lines.filter((line) => line !== "").map((line) => line.split(",").at(-1))).toEqual(["0.0525", "0.0525"]);
  });

  test("tells the version, the newest call, and by a mark when there is more", async () => {
    const status = async (): Promise<Record<string, string>> =>
      JSON.parse((await ask(running.page, "/api/status")).body);
    const before = await status();
    expect(before).toMatchObject({ version: "1.2.3", newest_call_at: "2026-05-01 10:00:02.000000000" });
    expect(await status()).toEqual(before);
    await running.ledger.target.client.command({
      query: "INSERT INTO budgets (scope, period, limit_usd) VALUES ('all', 'day', 1)",
    });
    expect((await status())["mark"]).not.toBe(before["mark"]);
  });

  test.each([
    ["a view that is not there", "/api/views/no_such_view", 'there is no view "no_such_view"'],
    [
      "a parameter of another view",
      `/api/views/ledger_total?${whole}&by=x`,
      'ledger_total takes no "by". It takes: from',
    ],
    ["a parameter twice", "/api/views/ledger_total?from=2026-05-01&from=2026-05-02", '"from" is given more than once'],
    ["a parameter that is missing", "/api/views/cost_over_time", 'needs "'],
    ["an instant that is none", "/api/views/ledger_total?from=yesterday", '"from" of ledger_total is an instant'],
    ["a day that does not exist", "/api/views/ledger_total?from=2026-13-01", '"from" of ledger_total is an instant'],
    ["a number that is none", `/api/views/inference_whales?${whole}&times=many`, "is a number"],
    ["a count below zero", `/api/views/recent_traces?${whole}&max_rows=-1`, "is a whole number"],
    ["a format that is none", "/api/views/ledger_total?format=xml", "format is json or csv"],
  ])("says what is wrong with %s", async (_, path, message) => {
    const { status, body } = await ask(running.page, path);
    expect(status).toBe(400);
    expect((JSON.parse(body) as { message: string }).message).toContain(message);
  });
});

describe("what only reads cannot be made to", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s is refused", async (method) => {
    const answers = await Promise.all(
      ["/", "/api/views", "/api/views/ledger_total"].map((path) => ask(running.page, path, { method })),
    );
    expect(answers.map(({ status }) => status)).toEqual([405, 405, 405]);
  });

  test.each(["llm_calls", "otel_traces", "system.users", "others.secrets", "ledger_total()", "..%2f..%2fapi", "%00"])(
    "%s is no view, so it is not read",
    async (name) => {
      const { status, body } = await ask(running.page, `/api/views/${name}`);
      expect(status).toBe(400);
      expect(body).not.toContain(secret);
    },
  );

  /** Ends a text by either way of escaping, and goes on as SQL. */
  const splice = "\\') UNION ALL SELECT secret FROM others.secrets; INSERT INTO budgets SELECT * FROM budgets; -- '";

  /** An address that fills every text of a view with the splice, and bounds what the others answer. */
  const spliced = ({ name, parameters }: ViewDescription): string => {
    const values = parameters.map(({ name: key, type }) => [key, type === "String" ? splice : typical(key, type)]);
    return `/api/views/${name}?${new URLSearchParams(Object.fromEntries(values)).toString()}`;
  };
  const typical = (name: string, type: string): string =>
    type.startsWith("DateTime") ? (name.endsWith("to") ? "2026-05-02" : "2026-05-01") : "1";

  test("text for any view is text, whatever it says", async () => {
    const views = listViews().filter(({ parameters }) => parameters.some(({ type }) => type === "String"));
    const answers = await Promise.all(views.map((view) => ask(running.page, spliced(view))));
    expect(views.length).toBeGreaterThan(20);
    for (const { status, body } of answers) {
      // Text that is no trace or no name of a choice may be refused by the view, never by the parser.
      expect(body).not.toMatch(/Syntax error|Not enough privileges/);
      expect([200, 503]).toContain(status);
      expect(body).not.toContain(secret);
    }
  });

  test.each(["DateTime64(9, 'UTC')", "UInt8", "UInt16", "UInt32", "UInt64", "Float64"])(
    "text in place of a %s is refused before the database sees it",
    async (wanted) => {
      const asked = listViews().flatMap((view) =>
        view.parameters.filter(({ type }) => type === wanted).map(({ name }) => `/api/views/${view.name}?${name}=`),
      );
      expect(asked).not.toEqual([]);
      for (const address of asked) {
        const { status } = await ask(running.page, address + encodeURIComponent(splice));
        expect(status).toBe(400);
      }
    },
  );

  test("the page's own user cannot write, define, read elsewhere, or reach a file or the network", async () => {
    const { client } = running.ledger.reader;
    for (const query of [
      "INSERT INTO budgets (scope, period, limit_usd) VALUES ('all', 'day', 1)",
      "CREATE TABLE mine (a Int8) ENGINE = Memory",
      "DROP VIEW ledger_total",
      "SELECT * FROM others.secrets",
      "SELECT * FROM system.users",
      "SELECT * FROM file('/etc/passwd', LineAsString)",
      "SELECT * FROM url('http://127.0.0.1:9/', LineAsString)",
    ]) {
      await expect(client.command({ query })).rejects.toThrow(/privileges|readonly|not enough|Cannot execute/i);
    }
  });
});

describe("who asks", () => {
  const paths = ["/", "/assets/a-1.js", "/api/views", "/api/views/ledger_total", "/api/status"];
  const data = paths.filter((path) => path.startsWith("/api/"));
  const statuses = (of: readonly string[], headers: Record<string, string | string[]>): Promise<number[]> =>
    Promise.all(of.map(async (path) => (await ask(running.page, path, { headers })).status));

  test("under another name is sent away from everything", async () => {
    for (const name of ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example"]) {
      expect(await statuses(paths, { Host: name })).toEqual(paths.map(() => 421));
    }
  });

  test("from another origin or site gets no data", async () => {
    for (const headers of [
      { Origin: "http://evil.example" },
      { Origin: "null" },
      { Origin: "http://127.0.0.1:1" },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
    ]) {
      expect(await statuses(data, headers)).toEqual(data.map(() => 403));
    }
  });

  test("without the key gets no data", async () => {
    for (const Authorization of ["", "Bearer ", "Bearer the-key2", "Basic dGhlLWtleQ=="]) {
      expect(await statuses(data, { Authorization })).toEqual(data.map(() => 401));
    }
  });

  test("may follow a link to the page, which shows nothing without the key", async () => {
    const headers = { Authorization: "", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" };
    const { status, body } = await ask(running.page, "/trace/11111111111111111111111111111111", { headers });
    expect([status, body]).toEqual([200, "<title>the page</title>"]);
  });

  test("is told the page's policy, and shared nothing with other origins", async () => {
    for (const path of [...paths, "/assets/none.js"]) {
      const { headers } = await ask(running.page, path, { headers: { Origin: running.page.origin } });
      expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
      expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
      expect(Object.keys(headers).filter((name) => /^access-control|^set-cookie/.test(name))).toEqual([]);
    }
  });
});

describe("files", () => {
  test.each([
    "/../../../../etc/passwd",
    "/assets/../../package.json",
    "/assets/%2e%2e/%2e%2e/package.json",
    "//evil.example/a",
  ])("%s leads nowhere but into the page", async (path) => {
    const { status, body } = await ask(running.page, path);
    expect([404, 200]).toContain(status);
    expect(body).toMatch(/<title>the page<\/title>|no such file/);
  });

  test("named by their content are kept by browsers, the page itself is not", async () => {
    const kept = async (path: string): Promise<unknown> => (await ask(running.page, path)).headers["cache-control"];
    expect(await kept("/assets/a-1.js")).toContain("immutable");
    expect(await kept("/")).toBe("no-store");
    expect(await kept("/api/views")).toBe("no-store");
  });

  test("a HEAD request gets the head alone", async () => {
    const { status, headers, body } = await ask(running.page, "/", { method: "HEAD" });
    expect([status, body, headers["content-length"]]).toEqual([200, "", "23"]);
  });
});
