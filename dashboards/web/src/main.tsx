import { render } from "preact";
import { App } from "./app.tsx";
import { followLedger } from "./data/live.ts";
import { takeKey } from "./data/key.ts";
import { applyTheme } from "./shell/theme.ts";
import "./theme.css";

takeKey();
applyTheme();
followLedger();
const root = document.getElementById("page");
if (root !== null) render(<App />, root);
