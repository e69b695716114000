import { mkdtempSync, rmSync } from "node:fs";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { migrate } from "@tokenledger/clickhouse";
import { type CollectorProcess, startStore, type Store } from "@tokenledger/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../packages/local/src/occupancy.ts";
import { billedCall } from "../../packages/local/src/otlp/spans.fixture.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { billedIds, collect, isBuilt, token } from "./collector-rig.ts";

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-collector-transport-"));
const [ok, unauthenticated] = ["0", "16"];

describe.skipIf(!isBuilt())("a collector behind TLS, over ClickHouse's native protocol", () => {
  let store: Store;
  let collector: CollectorProcess;
  let tls: Certificate;

  beforeAll(async () => {
    const port = await freePort();
    const cluster = { name: "one", ports: [port], port, secret: "of one" };
    store = await startStore({ directory: join(scratch, "store"), cluster });
    await migrate(store.target);
    tls = makeCertificate(scratch, "collector.test");
    collector = await collect({ ...store, url: `clickhouse://127.0.0.1:${port}` }, join(scratch, "queue"), {
      configurations: ["config.yaml", "tls.yaml"],
      settings: { COLLECTOR_TLS_CERTIFICATE: tls.certificateFile, COLLECTOR_TLS_KEY: tls.keyFile },
    });
  });
  afterAll(async () => {
    await collector?.stop();
    await store?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const secure = (url: string): string => url.replace("http:", "https:");
  const body = (id: string): Buffer => {
    const attributes = { ...billedCall().attributes, "gen_ai.response.id": id };
    return Buffer.from(ProtobufTraceSerializer.serializeRequest([billedCall({ attributes })]) ?? []);
  };

  /** One export over gRPC, as its status code. */
  const callGrpc = (message: Buffer, authorization?: string): Promise<string> =>
    new Promise((settle, fail) => {
      const session = connect(secure(collector.grpcUrl), { ca: tls.certificate });
      session.once("error", fail);
      const stream = session.request({
        ":method": "POST",
        ":path": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "content-type": "application/grpc",
        te: "trailers",
        ...(authorization !== undefined && { authorization }),
      });
      let status = "";
      const read = (headers: IncomingHttpHeaders): void => {
        if (typeof headers["grpc-status"] === "string") status = headers["grpc-status"];
      };
      stream.on("response", read).on("trailers", read).on("error", fail).resume();
      stream.once("close", () => {
        session.close();
        settle(status);
      });
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });

  const postHttps = (
    message: Buffer,
    authorization?: string,
    ca: string | undefined = tls.certificate,
  ): Promise<number> =>
    new Promise((settle, fail) => {
      const headers = {
        "Content-Type": "application/x-protobuf",
        ...(authorization !== undefined && { authorization }),
      };
      const sent = request(`${secure(collector.url)}/v1/traces`, { method: "POST", headers, ca }, (answer) => {
        answer.resume();
        answer.once("end", () => settle(answer.statusCode ?? 0));
      });
      sent.once("error", fail);
      sent.end(message);
    });

  test("stores what comes over gRPC and over HTTP with its token", async () => {
    expect(await callGrpc(body("over grpc"), `Bearer ${token}`)).toBe(ok);
    expect(await postHttps(body("over https"), `Bearer ${token}`)).toBe(200);
    await expect.poll(() => billedIds(store.target), { timeout: 30_000 }).toEqual(["over grpc", "over https"]);
  });

  test.each([
    ["no token", undefined],
    ["a wrong token", "Bearer wrong"],
    ["the token without its scheme", token],
  ])("refuses %s, over both", async (_what, authorization) => {
    expect(await callGrpc(body("never"), authorization)).toBe(unauthenticated);
    expect(await postHttps(body("never"), authorization)).toBe(401);
    expect(await billedIds(store.target)).not.toContain("never");
  });

  test("is not believed without its certificate, and speaks nothing but TLS", async () => {
    await expect(postHttps(body("never"), `Bearer ${token}`, "")).rejects.toThrow("self-signed certificate");
    const plain = await fetch(`${collector.url}/v1/traces`, { method: "POST" }).then(
      ({ status }) => status,
      () => 0,
    );
    expect([0, 400]).toContain(plain);
  });
});
