#!/usr/bin/env node
import { CommanderError } from "commander";
import { note } from "./output/print.ts";
import { plain } from "./output/text.ts";
import { program } from "./program.ts";
import { UsageError } from "./usage-error.ts";

try {
  await program().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    note(`tokenledger: ${error instanceof Error ? plain(error.message) : plain(error)}`);
    if (process.env["TOKENLEDGER_DEBUG"] !== undefined && error instanceof Error) note(error.stack ?? "");
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
