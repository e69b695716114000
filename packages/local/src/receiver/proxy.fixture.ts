import { connect, createServer, type Server, type Socket } from "node:net";

type Mode = "pass" | "hold" | "refuse" | "lose-answers";
/** A connection to the database that can be disturbed. */
export interface Proxy {
  port: number;
  mode: Mode;
  /** How often a text was sent to the database since the last receiver was made. */
  count(text: string): number;
  seen(text: string): Promise<void>;
  close(): void;
}

export const startProxy = async (target: number): Promise<Proxy> => {
  let mode: Mode = "pass";
  let sent = "";
  const held: (() => void)[] = [];
  const watchers: (() => void)[] = [];
  const forward = (from: Socket, to: Socket): void => {
    from.on("data", (chunk) => {
      sent += decodeURIComponent(chunk.toString("latin1").replaceAll("%", "%25").replaceAll("+", " "));
      for (const watch of watchers) watch();
      if (mode === "hold") held.push(() => to.write(chunk));
      else to.write(chunk);
    });
  };
  const server: Server = createServer((near) => {
    if (mode === "refuse") {
      near.destroy();
      return;
    }
    const far = connect(target, "127.0.0.1");
    forward(near, far);
    far.on("data", (chunk) => {
      if (mode === "lose-answers") near.destroy();
      else near.write(chunk);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const address = server.address();
  const count = (text: string): number => sent.split(text).length - 1;
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      sent = next === "pass" && held.length === 0 ? "" : sent;
      if (next !== "hold") for (const release of held.splice(0)) release();
    },
    count,
    seen: (text) =>
      new Promise((settle) => {
        const watch = (): void => {
          if (count(text) > 0) settle();
        };
        watchers.push(watch);
        watch();
      }),
    close: () => server.close(),
  };
};
