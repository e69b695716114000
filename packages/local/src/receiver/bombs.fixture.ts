// A receiver in a process of its own, so that its memory can be measured; its database is not there.
import { connect } from "../connect.ts";
import { startReceiver } from "./receiver.ts";

const client = connect({ url: "http://127.0.0.1:1", username: "", password: "", database: "tokenledger" });
const receiver = await startReceiver({ target: { client, database: "tokenledger" }, token: "test-token" });
process.send?.({ port: receiver.port });
process.on("message", () => process.send?.({ highestKilobytes: process.resourceUsage().maxRSS }));
process.on("disconnect", () => process.exit());
