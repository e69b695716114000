import { converse } from "../conversation/coding-cli.mjs";

const { OPENAI_API_KEY, OPENAI_BASE_URL, OTEL_EXPORTER_OTLP_HEADERS = "" } = process.env;
const token = decodeURIComponent(OTEL_EXPORTER_OTLP_HEADERS.replace(/^authorization=/, ""));
const codex = new URL("node_modules/@openai/codex/bin/codex.js", import.meta.url).pathname;

await converse({
  tool: "exec_command",
  settings: (endpoint) => ({
    ".codex/config.toml": `
model = "gpt-5.4-mini"
model_provider = "double"

[model_providers.double]
name = "double"
base_url = "${OPENAI_BASE_URL}"
wire_api = "responses"
env_key = "OPENAI_API_KEY"

# Its logs alone: of its spans, hundreds a minute, none says what a call was and used.
[otel.exporter.otlp-http]
endpoint = "${endpoint}/v1/logs"
protocol = "binary"
headers = { authorization = "${token}" }
`,
  }),
  command: (prompt) => [process.execPath, codex, "exec", "--skip-git-repo-check", "--sandbox", "read-only", prompt],
  environment: (home) => ({ OPENAI_API_KEY, CODEX_HOME: `${home}/.codex` }),
});
