import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { Finding } from "./finding.ts";
import { lookAtCollectorOf } from "./collector.ts";

const quiet = `# HELP otelcol_exporter_queue_size Current size
otelcol_exporter_queue_size{data_type="traces",exporter="clickhouse"} 100
otelcol_exporter_queue_capacity{data_type="traces",exporter="clickhouse"} 1000
otelcol_receiver_accepted_spans{receiver="otlp",transport="http"} 91`;

/** What is found of a collector that says this of itself. */
const findingsOf = async (metrics: string): Promise<Finding[]> => {
  const server = createServer((_request, response) => response.end(metrics));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await lookAtCollectorOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

test("a collector that takes everything is no warning", async () => {
  expect(await findingsOf(quiet)).toMatchObject([{ level: "ok", found: "took 91 spans" }]);
});

test("what a collector sent back, set aside and gave up is told", async () => {
  const findings = await findingsOf(`${quiet.replace("} 100\n", "} 900\n")}
otelcol_receiver_refused_spans{receiver="otlp",transport="http"} 100
otelcol_receiver_refused_spans{receiver="otlp",transport="grpc"} 15
otelcol_processor_filter_spans_filtered{filter="filter/unstorable"} 1e+06
otelcol_exporter_send_failed_spans{exporter="clickhouse"} 3
otelcol_exporter_send_failed_spans{exporter="otlp_http/apm"} 7`);
  expect(findings.map(({ level, found }) => [level, /^its queue.*\d+ %|^[\d,]+ spans/.exec(found)?.[0]])).toEqual([
    ["problem", "3 spans"],
    ["warning", "1,000,000 spans"],
    ["warning", "its queue on disk is 90 %"],
    ["warning", "115 spans"],
  ]);
});

test("a collector that does not answer is a problem", async () => {
  // Port 9, discard, is closed on every machine that tests run on.
  expect(await lookAtCollectorOf("http://127.0.0.1:9/metrics")).toMatchObject([{ level: "problem" }]);
});
