import { keyHeader } from "./key.ts";

/** A request that the ledger's API refused or could not answer; the message is for people. */
export class ApiError extends Error {
  /** HTTP status; 0 where nobody answered. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/**
 * Asks the API of the process that served the page.
 *
 * @throws ApiError with what was wrong and what to do
 */
export async function askApi(address: string, options: { readonly signal?: AbortSignal } = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { ...options, headers: keyHeader(), credentials: "omit", cache: "no-store" });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new ApiError(0, "The ledger does not answer. Is tokenledger up still running?");
  }
  if (response.ok) return response;
  throw new ApiError(response.status, await messageIn(response));
}

async function messageIn(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "message" in body) return String(body.message);
  } catch {
    // Not ours, or cut off: the status says what there is to say.
  }
  return `The ledger answered ${response.status} ${response.statusText}`;
}
