/** genai-prices' providers under their `gen_ai.provider.name`; the others are called the same. */
const renamed: Readonly<Record<string, readonly string[]>> = {
  aws: ["aws.bedrock"],
  azure: ["azure.ai.openai", "azure.ai.inference"],
  google: ["gcp.gemini", "gcp.vertex_ai", "gcp.gen_ai"],
  mistral: ["mistral_ai"],
  moonshotai: ["moonshot_ai"],
  "x-ai": ["x_ai"],
};

/** The names that spans give a provider of genai-prices. */
export function providerNames(id: string): readonly string[] {
  return renamed[id] ?? [id];
}

const inferenceProfiles = ["us.", "eu.", "apac.", "au.", "jp.", "in.", "ca.", "global.", "us-gov."];
const paths = ["models/", "publishers/anthropic/models/", "publishers/google/models/"];

/** The ways a name is written out where the provider's matching rule allows anything before it. */
export function writtenOut(id: string, name: string): readonly string[] {
  if (id === "google") return ["", ...paths].map((path) => path + name);
  if (id !== "aws" || inferenceProfiles.some((profile) => name.startsWith(profile))) return [name];
  const full = name.startsWith("claude") ? [name, `anthropic.${name}`] : [name];
  return full.flatMap((base) => [base, ...inferenceProfiles.map((profile) => profile + base)]);
}
