import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/** Lets a request pass, or throws what it is refused with. */
export type Check = (request: IncomingMessage) => void;

/**
 * Checks that a request was meant for this address: a web page can reach a loopback port through a name that it
 * made resolve to it, so the Host must be ours.
 *
 * @throws Refusal 400 or 421
 */
export const createHostCheck =
  (port: () => number): Check =>
  (request) => {
    const named = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
    if (named.length !== 1) throw new Refusal(400, "exactly one Host header is needed");
    if (!hostsAt(port()).has(request.headers.host?.toLowerCase() ?? ""))
      throw new Refusal(421, "this address is not served here");
    if (!request.url?.startsWith("/")) throw new Refusal(400, "the request must name a path");
  };

/**
 * Checks who asks, before anything is routed or read.
 *
 * Besides the Host, a web page can ask from another origin: so an Origin must be ours and a browser's request
 * same-origin. The token, which no other page knows, is asked of everyone.
 *
 * @param home Where an honest asker finds the token.
 * @throws Refusal 400, 401, 403 or 421
 */
export const createAdmission = (token: string, port: () => number, home = "connection.json"): Check => {
  const expected = digest(token);
  const checkHost = createHostCheck(port);
  return (request) => {
    checkHost(request);
    const { origin } = request.headers;
    if (origin !== undefined && !hostsAt(port()).has(origin.replace(/^http:\/\//, ""))) {
      throw new Refusal(403, "requests of other web origins are refused");
    }
    const site = request.headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin" && site !== "none") {
      throw new Refusal(403, "requests of other web sites are refused");
    }
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (!timingSafeEqual(digest(given), expected)) {
      const hint = `the bearer token of ${home} is needed in the Authorization header`;
      throw new Refusal(401, hint, { "WWW-Authenticate": "Bearer" });
    }
  };
};

const hostsAt = (port: number): ReadonlySet<string> =>
  new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);

/** Both sides are hashed, so that the comparison takes the same time for every length. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
