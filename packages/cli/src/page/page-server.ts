import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { LedgerError, type LedgerTarget } from "@tokenledger/clickhouse";
import {
  type Check,
  closeServer,
  createAdmission,
  createHostCheck,
  listenOnLoopback,
  LocalFault,
  loopbackUrl,
  Refusal,
} from "@tokenledger/local";
import { explanationOf } from "../output/text.ts";
import { answerApi, type ApiSource } from "./api.ts";
import { answerAsset, answerJson } from "./answers.ts";
import { type Assets, readAssets } from "./assets.ts";
import { createTurns } from "./turns.ts";

export interface PageOptions {
  /** For reading only: the page can do no more than it. */
  readonly reader: LedgerTarget;
  readonly version: string;
  /** Asked of every request for data. */
  readonly key: string;
  /** The usual one, or any where that is taken, without it; 0 takes a free one. */
  readonly port?: number;
  /** The page's files; those beside this one without it. */
  readonly assets?: Assets;
}

/** The page, served. */
export interface Page {
  /** With the key, behind `#`: browsers send that to nobody. */
  readonly url: string;
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

export const usualPort = 4319;
const host = "127.0.0.1";
const questionsAtOnce = 3;

/**
 * Serves the page on loopback: its files to everyone on this machine, what the views answer to whoever has the key.
 *
 * @throws LocalFault `port_in_use`
 */
export async function servePage({ reader, version, key, port, assets = readAssets() }: PageOptions): Promise<Page> {
  let bound = 0;
  const service: Service = {
    checkHost: createHostCheck(() => bound),
    admit: createAdmission(key, () => bound, "the page's address"),
    source: { reader, version, turns: createTurns(questionsAtOnce) },
    assets,
  };
  const server = createServer({ maxHeaderSize: 16_384, requireHostHeader: true }, (request, response) => {
    serve(service, request, response).catch((error: unknown) => fail(request, response, error));
  });
  const listen = (wanted: number): Promise<number> => listenOnLoopback(server, host, wanted, "--page-port");
  bound = await listen(port ?? usualPort).catch((error: unknown) => {
    const isTaken = error instanceof LocalFault && error.code === "port_in_use";
    if (port === undefined && isTaken) return listen(0);
    throw error;
  });
  const origin = loopbackUrl(host, bound);
  return { origin, url: `${origin}/#key=${key}`, stop: () => closeServer(server) };
}

interface Service {
  readonly checkHost: Check;
  readonly admit: Check;
  readonly source: ApiSource;
  readonly assets: Assets;
}

async function serve(
  { checkHost, admit, source, assets }: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  checkHost(request);
  request.resume();
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new Refusal(405, "the page only reads: use GET", { Allow: "GET, HEAD" });
  const address = URL.parse(request.url ?? "/", "http://page");
  if (address === null) throw new Refusal(400, "the request must name a path");
  if (address.pathname.startsWith("/api/")) {
    admit(request);
    return answerApi(source, address, response);
  }
  // A link from elsewhere may open the page: it shows nothing without the key, and lies in nobody's frame.
  const asset = assets.get(address.pathname) ?? (isPlace(address.pathname) ? assets.get("/index.html") : undefined);
  if (asset === undefined) throw new Refusal(404, "the page has no such file");
  answerAsset(response, asset);
}

/** What the page itself tells apart: every path but those of files. */
const isPlace = (path: string): boolean => !path.startsWith("/assets/");

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  const refusal = asRefusal(error);
  const close = request.complete ? {} : { Connection: "close" };
  answerJson(response, { message: refusal.message }, refusal.status, { ...refusal.headers, ...close });
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof LedgerError && error.fault === "missing_parameter") return new Refusal(400, error.message);
  return new Refusal(503, explanationOf(error));
}
