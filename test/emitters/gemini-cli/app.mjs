import { converse } from "../conversation/coding-cli.mjs";

const { ANTHROPIC_BASE_URL, OTEL_EXPORTER_OTLP_HEADERS } = process.env;
const gemini = new URL("node_modules/@google/gemini-cli/bundle/gemini.js", import.meta.url).pathname;

await converse({
  tool: "list_directory",
  settings: (endpoint) => ({
    ".gemini/settings.json": JSON.stringify({
      telemetry: { enabled: true, target: "local", otlpEndpoint: endpoint, otlpProtocol: "http" },
      security: { auth: { selectedType: "gemini-api-key" } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
    }),
  }),
  command: (prompt) => [process.execPath, gemini, "-p", prompt, "-m", "gemini-2.5-pro", "--skip-trust", "--yolo"],
  environment: () => ({
    GEMINI_API_KEY: "test",
    GOOGLE_GEMINI_BASE_URL: ANTHROPIC_BASE_URL,
    OTEL_EXPORTER_OTLP_HEADERS,
  }),
});
