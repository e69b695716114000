import type { BillLine, ProviderApi, ProviderDouble } from "@tokenledger/provider-double";

/** One request that the provider double took, and what it billed for it: the truth a ledger is compared with. */
export interface ProviderCall {
  readonly provider: BillLine["provider"];
  readonly api: ProviderApi;
  readonly model: string;
  readonly stream: boolean;
  /** HTTP status; only a call answered with 200 is billed. */
  readonly status: number;
  readonly responseId: string | null;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
}

const unbilled = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, reasoning: 0 };

/** The double's requests with their lines of its bill, of a program that makes one call after the other. */
export function providerCalls(double: Pick<ProviderDouble, "requests" | "bill">): ProviderCall[] {
  const bill = double.bill();
  const calls = double
    .requests()
    .filter(({ api }) => api !== "count_tokens")
    .map(({ provider, api, model, stream, status }): ProviderCall => {
      const asked = { provider, api, model, stream, status };
      if (status !== 200) return { ...asked, responseId: null, ...unbilled };
      const line = bill.shift();
      if (line === undefined) throw new Error(`the double answered a call of ${model} that is not on its bill`);
      const { responseId, input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = line;
      const usage = { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning };
      return { ...asked, model: line.model, responseId: responseId ?? null, ...usage };
    });
  if (bill.length > 0) throw new Error(`the double's bill has ${bill.length} lines more than it took requests`);
  return calls;
}
