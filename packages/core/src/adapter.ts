import type { Usage } from "./billed-usage.ts";

export type * from "./billed-usage.ts";

/**
 * The contract between the engine and one SDK.
 *
 * An adapter is data and pure functions. It names the methods that reach a model and maps the SDK's
 * own shapes to ours; it holds no span, promise, `try` or setting, and never sees the privacy
 * switches. A mapper that throws costs attributes, never the user's call.
 */
export interface ProviderAdapter {
  /** Plain name of the SDK: scope suffix and off-switch (`TOKENLEDGER_DISABLED=openai,…`). */
  readonly id: string;
  /** `gen_ai.provider.name` unless {@link Operation.request} knows better. */
  readonly provider: string;
  /** The npm package, and the semver range its tests run against. */
  readonly module: { readonly name: string; readonly versions: string };
  /** Set where some versions of the SDK emit `gen_ai` spans by themselves. */
  readonly native?: NativeTracing;
  readonly operations: readonly Operation[];
}

/**
 * An SDK's own tracing, and how to keep it from billing a call a second time.
 *
 * On a client that traces itself, its span of each call that we bill is held back, and its spans of
 * unbilled work (token counts, tool loops) are kept: operations with `billed: false` pass through
 * unobserved. Where the user wants the SDK's own spans, every operation of ours passes through.
 */
export interface NativeTracing {
  /** Instrumentation scope of the spans the SDK emits. */
  readonly scope: string;
  /**
   * Methods that start the SDK's span of a billed call before they reach the operation that makes it
   * (stream helpers), in the grammar of {@link Operation.target}. Held back like the operation.
   */
  readonly entrances?: readonly string[];
  /**
   * True where the client that `receiver` (the method's `this`) belongs to makes spans of its own.
   * `applicationTraces`: whether the application has registered a tracer provider that they could go to.
   */
  traces(receiver: object, applicationTraces: boolean): boolean;
  /** True where the user has asked for the SDK's own spans, in the environment or on this client. */
  wanted(receiver: object, environment: Readonly<Record<string, string | undefined>>): boolean;
  /**
   * Silences the SDK's own span for one call that we bill. Called with the method's `this` before
   * the call and returns what undoes it right after the method has returned, or `undefined` where
   * this client does not trace itself.
   */
  holdBack(receiver: object): (() => void) | undefined;
}

/** What `gen_ai.operation.name` may say; the last two are structure and never billed. */
export type OperationName =
  | "chat"
  | "text_completion"
  | "embeddings"
  | "generate_content"
  | "count_tokens"
  | "invoke_agent"
  | "execute_tool";

/**
 * One observed method.
 *
 * `target` names it, from the module's exports:
 * - `Class.Nested.prototype.method`: a method on a prototype.
 * - `Class#path.method`: a function that the constructor puts on each instance.
 * - `Class().path.method`: a method of a class that the module keeps to itself, found through an
 *   instance of another one, made without arguments when the module is patched.
 * - `function`: an exported function.
 *
 * A target that an SDK version lacks is skipped with a debug line.
 */
export interface Operation<
  Args extends readonly unknown[] = readonly unknown[],
  Result = unknown,
  Chunk = unknown,
  Facts extends ResponseFacts = ResponseFacts,
> {
  readonly target: string;
  /** The default name; {@link RequestFacts.operation} overrides it per call. */
  readonly name: OperationName;
  /**
   * `false` for calls no provider bills (`count_tokens`, moderations) and for structure
   * (`runTools`, `toolRunner`). Their spans carry no usage.
   */
  readonly billed?: false;
  /** Facts known before the call; `undefined` passes the call through unobserved. */
  request(args: Args, client: ClientFacts): RequestFacts | undefined;
  /** Facts of a complete, non-streamed result. */
  response(result: Result): ResponseFacts;
  /** Facts of a rejection or throw; the core already records type, message and HTTP status. */
  failure?(error: unknown): FailureFacts;
  /** Where the stream is when it is not the result itself. */
  stream?(result: Result): AsyncIterable<Chunk> | undefined;
  /**
   * Folds one chunk into the facts so far. Counts replace, never add; placeholders are left out.
   * `Facts` may add optional fields of the adapter's own, such as text gathered for an estimate.
   */
  fold?(facts: Facts, chunk: Chunk): void;
  /**
   * Changes to the request that the provider needs so that it reports usage, as new arguments (the
   * user's are never touched), with the test for the extra chunks that the user did not ask for and
   * must not see. `restore` takes out of every other chunk what only the asking put there, so that
   * the user's chunks equal those of an unobserved call. `undefined`: nothing to ask.
   */
  ask?(
    args: Args,
    client: ClientFacts,
  ): { args: Args; hide(chunk: Chunk): boolean; restore?(chunk: Chunk): void } | undefined;
  /**
   * For operations that call the user's tools: the arguments with each tool callback replaced by
   * `observe(toolName, callback)`, as new objects.
   */
  tools?(args: Args, observe: ObserveTool): Args;
  /** For operations whose result is a handle (a runner): what settles when the work has ended. */
  ended?(result: Result): PromiseLike<unknown> | undefined;
}

/** Returns a callback of the same shape that runs inside an `execute_tool` span. */
export type ObserveTool = <Callback extends (...args: never[]) => unknown>(
  name: string,
  callback: Callback,
) => Callback;

/** What the core found out about the client object that a method was called on. */
export interface ClientFacts {
  readonly baseURL?: string | undefined;
  /** Set on clients of services that version their API by date: `AzureOpenAI`. */
  readonly apiVersion?: string | undefined;
}

/** Facts of a request. Every field is optional: absent or `undefined` means not said by the caller. */
export interface RequestFacts {
  operation?: OperationName | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  stream?: boolean | undefined;
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  seed?: number | undefined;
  choiceCount?: number | undefined;
  frequencyPenalty?: number | undefined;
  presencePenalty?: number | undefined;
  stopSequences?: string[] | undefined;
  encodingFormats?: string[] | undefined;
  outputType?: "text" | "json" | "image" | "speech" | undefined;
  reasoningLevel?: string | undefined;
  /** The tier asked for; the one that served the call is {@link ResponseFacts.serviceTier}. */
  serviceTier?: string | undefined;
  conversationId?: string | undefined;
  previousResponseId?: string | undefined;
  /** `chat_completions` or `responses`. */
  openaiApiType?: string | undefined;
  /** For structure: the agent that the operation runs, when it has a name of its own. */
  agentName?: string | undefined;
  /** Ids of the tool calls whose results this request carries: they join tool runs to their asker. */
  toolResultIds?: string[] | undefined;
  /** Read to capture content, to fingerprint the prompt, and to count its tokens where nobody reports them. */
  content?: (() => Content) | undefined;
}

/** Facts of a response, gathered at once or chunk by chunk. */
export interface ResponseFacts {
  id?: string | undefined;
  model?: string | undefined;
  finishReasons?: string[] | undefined;
  /** As the provider spells it: `default`, `flex`, `priority`, `standard`, `batch`, … */
  serviceTier?: string | undefined;
  /** Anthropic `speed`: `standard` or `fast`. */
  speed?: string | undefined;
  /** Anthropic `inference_geo`: where the model ran. */
  inferenceGeo?: string | undefined;
  conversationId?: string | undefined;
  /** Error code of a call that the provider declares failed in an answer that is no HTTP error. */
  failed?: string | undefined;
  /** True while the provider still works on it: its usage comes later and elsewhere, and is not estimated. */
  pending?: boolean | undefined;
  usage?: Usage | undefined;
  /** Ids and names of the tools the model asked for. */
  toolCalls?: { id: string; name: string }[] | undefined;
  /** What the model has said so far; read as that of the request. */
  content?: (() => Content) | undefined;
}

/** Facts of a failure beyond the error's own type, message and status. */
export interface FailureFacts {
  type?: string | undefined;
  /** Usage that the provider billed although the call failed. */
  usage?: Usage | undefined;
  responseId?: string | undefined;
}

/** Messages in the shapes of the GenAI conventions. Built by adapters lazily, gated by the core. */
export interface Content {
  systemInstructions?: readonly ContentPart[] | undefined;
  inputMessages?: readonly ContentMessage[] | undefined;
  outputMessages?: readonly ContentMessage[] | undefined;
  toolDefinitions?: readonly object[] | undefined;
}

export interface ContentMessage {
  readonly role: string;
  readonly parts: readonly ContentPart[];
}

/**
 * One part of a message. `text` and `reasoning` hold `content`; `tool_call` holds `id`, `name` and
 * `arguments`; `tool_call_response` holds `id` and `response`; media are `blob`, `uri` or `file`. What the
 * conventions have no shape for keeps the provider's own.
 */
export interface ContentPart {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Types an operation by the SDK's own arguments, result and chunk; erased at run time. */
export const defineOperation = <
  Args extends readonly unknown[],
  Result,
  Chunk = never,
  Facts extends ResponseFacts = ResponseFacts,
>(
  operation: Operation<Args, Result, Chunk, Facts>,
): Operation => operation as unknown as Operation;

export const defineAdapter = (adapter: ProviderAdapter): ProviderAdapter => adapter;
