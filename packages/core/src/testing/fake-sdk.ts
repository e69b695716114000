import { type Content, defineAdapter, defineOperation, type ProviderAdapter, type Usage } from "../adapter.ts";
import { patchModule } from "./patched-module.ts";

/** What the smallest possible provider answers. */
export interface FakeAnswer {
  id?: string;
  usage?: Usage;
  tools?: { id: string; name: string }[];
}

/** A client whose one method does whatever the test gives it. */
export interface FakeClient {
  create(params: { model: string; text?: string }): unknown;
  runTools(params: { agent?: string; tools: Record<string, (input: string) => unknown> }): unknown;
}

const said = (role: string, content: string): Content => ({
  inputMessages: [{ role, parts: [{ type: "text", content }] }],
});

const create = defineOperation<[{ model: string; text?: string }], FakeAnswer, FakeAnswer>({
  target: "Client.prototype.create",
  name: "chat",
  request: ([{ model, text }]) => ({ model, content: text === undefined ? undefined : () => said("user", text) }),
  response: ({ id, usage, tools }) => ({ id, usage, toolCalls: tools }),
  fold(facts, chunk) {
    if (chunk.usage) facts.usage = chunk.usage;
  },
});

const runTools = defineOperation<[Parameters<FakeClient["runTools"]>[0]], unknown>({
  target: "Client.prototype.runTools",
  name: "invoke_agent",
  billed: false,
  request: ([{ agent }]) => ({ agentName: agent }),
  response: () => ({}),
  tools: ([params], observe) => {
    const tools = Object.entries(params.tools).map(([name, callback]) => [name, observe(name, callback)] as const);
    return [{ ...params, tools: Object.fromEntries(tools) }];
  },
});

const fake: ProviderAdapter = defineAdapter({
  id: "fake",
  provider: "fake",
  module: { name: "fake", versions: "*" },
  operations: [create, runTools],
});

/** A patched client. `answer` is what `create` returns; `loop` what `runTools` does. */
export function fakeClient(
  answer: (params: { model: string }) => unknown,
  loop: (client: FakeClient, tools: Record<string, (input: string) => unknown>) => unknown = () => undefined,
): FakeClient {
  class Client implements FakeClient {
    create(params: { model: string }): unknown {
      return answer(params);
    }
    runTools({ tools }: { tools: Record<string, (input: string) => unknown> }): unknown {
      return loop(this, tools);
    }
  }
  patchModule(fake, { Client }).patch();
  return new Client();
}
