import { converse } from "../conversation/coding-cli.mjs";

const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OTEL_EXPORTER_OTLP_HEADERS = "" } = process.env;
// Its package installs this binary under another name in a script, which does not run here.
const binary = new URL("node_modules/@anthropic-ai/claude-code-linux-x64/claude", import.meta.url).pathname;

await converse({
  tool: "Bash",
  command: (prompt) => [binary, "-p", prompt, "--model", "claude-opus-4-6", "--allowedTools", "Bash(true)"],
  environment: (_home, endpoint) => ({
    ANTHROPIC_API_KEY,
    ANTHROPIC_BASE_URL,
    CLAUDE_CODE_ENABLE_TELEMETRY: "1",
    CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    // It sends what is written there, encoded or not.
    OTEL_EXPORTER_OTLP_HEADERS: decodeURIComponent(OTEL_EXPORTER_OTLP_HEADERS),
  }),
});
