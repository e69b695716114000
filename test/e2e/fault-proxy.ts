import { once } from "node:events";
import { createServer, request as open, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What happens to a request on its way.
 *
 * `swallow`: it is passed on and answered, and the answer never arrives. `cut`: the connection breaks in
 * the middle of the body. `refuse`: 503, as of a server with too much to do. `repeat`: it is passed on
 * five times. `lie`: it is answered with success and thrown away, which no test may leave unnoticed.
 * `early`: it is answered with success at once, and passed on after.
 */
export type Fault = "none" | "swallow" | "cut" | "refuse" | "repeat" | "lie" | "early";

/** An HTTP server that passes requests on, and disturbs them as it is told. */
export interface FaultProxy {
  readonly url: string;
  /** How many of the requests that may be disturbed met each fault. */
  readonly met: Readonly<Record<Fault, number>>;
  /** How many of them were answered with each status. */
  readonly answered: ReadonlyMap<number, number>;
  /** Every request from now on is passed on so much later. */
  delayMillis: number;
  /** Says what happens to each request from now on; without an argument nothing does. */
  disturb(next?: () => Fault): void;
  stop(): void;
}

const copies = 5;

/**
 * Starts a proxy in front of a server.
 *
 * @param disturbed Only requests whose URL matches are disturbed, delayed and counted.
 */
export const startFaultProxy = async (target: string, disturbed: RegExp = /./): Promise<FaultProxy> => {
  const met: Record<Fault, number> = { none: 0, swallow: 0, cut: 0, refuse: 0, repeat: 0, lie: 0, early: 0 };
  const answered = new Map<number, number>();
  const settings = { delayMillis: 0, next: (): Fault => "none" };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    if (!disturbed.test(incoming.url ?? "")) return answerWith(outgoing, await passOn(target, incoming, body));
    if (settings.delayMillis > 0) await new Promise((resolve) => setTimeout(resolve, settings.delayMillis));
    const fault = settings.next();
    met[fault] += 1;
    const answer = await suffer(fault, target, incoming, body);
    if (answer === undefined) outgoing.destroy();
    else {
      answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
      answerWith(outgoing, answer);
    }
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    met,
    answered,
    get delayMillis() {
      return settings.delayMillis;
    },
    set delayMillis(millis) {
      settings.delayMillis = millis;
    },
    disturb: (next = () => "none") => (settings.next = next),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** What the sender is told; `undefined`: nothing, its connection breaks. */
const suffer = async (
  fault: Fault,
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<Answer | undefined> => {
  switch (fault) {
    case "none":
      return passOn(target, incoming, body);
    case "swallow":
      await passOn(target, incoming, body);
      return undefined;
    case "cut":
      await passOnHalf(target, incoming, body);
      return undefined;
    case "repeat":
      for (let copy = 1; copy < copies; copy += 1) await passOn(target, incoming, body);
      return passOn(target, incoming, body);
    case "refuse":
      return { status: 503, headers: { "x-clickhouse-exception-code": "202" }, body: Buffer.from(overloaded) };
    case "lie":
      return success;
    case "early":
      passOn(target, incoming, body).catch(() => {});
      return success;
  }
};

const success: Answer = { status: 200, headers: {}, body: Buffer.alloc(0) };

const overloaded = "Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)";

const onward = (target: string, { method, headers, url = "/" }: IncomingMessage, body: Buffer) => {
  const { "transfer-encoding": _chunked, ...kept } = headers;
  const own = { ...kept, host: new URL(target).host, "content-length": String(body.length) };
  return open(new URL(url, target), { method, headers: own });
};

const passOn = async (target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> => {
  const outgoing = onward(target, incoming, body).end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 502, headers: answer.headers, body: await bodyOf(answer) };
};

const passOnHalf = async (target: string, incoming: IncomingMessage, body: Buffer): Promise<void> => {
  const outgoing = onward(target, incoming, body);
  outgoing.on("error", () => {});
  await new Promise((resolve) => outgoing.write(body.subarray(0, body.length >> 1), resolve));
  outgoing.destroy();
};

const answerWith = (outgoing: ServerResponse, { status, headers, body }: Answer): void => {
  const { "transfer-encoding": _chunked, connection: _connection, ...kept } = headers;
  outgoing.writeHead(status, { ...kept, "content-length": String(body.length) }).end(body);
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};
